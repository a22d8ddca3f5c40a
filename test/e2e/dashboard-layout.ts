import type { Page } from 'playwright-core';

/** px by which boxes may touch: fractions are rounded. */
const TOLERANCE = 1;

/**
 * Runs in the page. A text is clipped when it reaches out of a box that hides what is outside, or of the window; two texts
 * overlap when the middles of their lines do: the boxes of lines include room for accents and descenders, which may touch.
 * What has been scrolled out of its box is not there to overlap anything: it slides under the masthead.
 */
const FIND_PROBLEMS = `((tolerance) => {
  const problems = [];
  const shown = (element) => element.textContent.trim().replace(/\\s+/g, ' ').slice(0, 40);
  const isForEars = (element) => element.closest('.pf-v6-screen-reader, .pf-v6-u-screen-reader, .pf-v6-c-skip-to-content, noscript') !== null;
  const hides = (style) => style.overflowX !== 'visible';
  const rolls = (style) => style.overflowY === 'auto' || style.overflowY === 'scroll';

  const root = document.documentElement;
  if (root.scrollWidth > innerWidth) problems.push('the page scrolls sideways: ' + root.scrollWidth);
  for (const element of document.querySelectorAll('body *')) {
    if (isForEars(element) || !element.checkVisibility()) continue;
    const style = getComputedStyle(element);
    if (hides(style) && element.scrollWidth > element.clientWidth + tolerance && element.textContent.trim() !== '' && style.display !== 'inline') {
      problems.push('cut off or scrolling sideways: ' + element.className + ' "' + shown(element) + '"');
    }
  }

  const texts = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const parent = node.parentElement;
    if (node.data.trim() === '' || isForEars(parent) || !parent.checkVisibility({ visibilityProperty: true })) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const { left, right, top, bottom } of range.getClientRects()) {
      if (right - left < tolerance) continue;
      const trim = (bottom - top) / 4;
      const seen = { node, text: node.data.trim().slice(0, 40), left, right, top: top + trim, bottom: bottom - trim };
      texts.push(seen);
      if (left < -tolerance || right > innerWidth + tolerance) problems.push('outside of the window: "' + shown(parent) + '"');
      for (let box = parent; box !== null; box = box.parentElement) {
        const style = getComputedStyle(box);
        const edge = box.getBoundingClientRect();
        if (rolls(style)) {
          seen.top = Math.max(seen.top, edge.top);
          seen.bottom = Math.min(seen.bottom, edge.bottom);
        }
        if (!hides(style)) continue;
        if (left < edge.left - tolerance || right > edge.right + tolerance) problems.push('clipped: "' + shown(parent) + '"');
      }
    }
  }
  texts.forEach((one, index) => {
    for (const other of texts.slice(index + 1)) {
      if (one.node === other.node) continue;
      const width = Math.min(one.right, other.right) - Math.max(one.left, other.left);
      const height = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
      if (width > tolerance && height > tolerance) problems.push('overlap: "' + one.text + '" and "' + other.text + '"');
    }
  });
  return { problems, texts: texts.length };
})(${TOLERANCE})`;

/** What somebody could not read, and how many pieces of text were looked at. */
export function findTextProblems(
  page: Page,
): Promise<{ readonly problems: readonly string[]; readonly texts: number }> {
  return page.evaluate(FIND_PROBLEMS);
}

/**
 * For `addInitScript`: remembers what each canvas has written since it was last cleared. Labels of charts are pixels, which
 * no look at the document finds.
 */
export const REMEMBER_LABELS = `(() => {
  const { fillText, clearRect } = CanvasRenderingContext2D.prototype;
  CanvasRenderingContext2D.prototype.clearRect = function (...box) {
    this.canvas.writtenLabels = [];
    return clearRect.apply(this, box);
  };
  CanvasRenderingContext2D.prototype.fillText = function (text, x, y, ...rest) {
    const size = this.measureText(text);
    const shift = { center: size.width / 2, right: size.width, end: size.width }[this.textAlign] ?? 0;
    const half = (size.actualBoundingBoxAscent + size.actualBoundingBoxDescent) / 2;
    const middle = y + (size.actualBoundingBoxDescent - size.actualBoundingBoxAscent) / 2;
    (this.canvas.writtenLabels ??= []).push({
      text, left: x - shift, right: x - shift + size.width, top: middle - half, bottom: middle + half,
    });
    return fillText.call(this, text, x, y, ...rest);
  };
})()`;

const FIND_LABEL_PROBLEMS = `((tolerance) => {
  const problems = [];
  let labels = 0;
  for (const canvas of document.querySelectorAll('canvas')) {
    const written = canvas.writtenLabels ?? [];
    labels += written.length;
    written.forEach((one, index) => {
      if (one.left < -tolerance || one.top < -tolerance || one.right > canvas.width + tolerance || one.bottom > canvas.height + tolerance) {
        problems.push('outside of its chart: ' + one.text);
      }
      for (const other of written.slice(index + 1)) {
        const width = Math.min(one.right, other.right) - Math.max(one.left, other.left);
        const height = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
        if (width > 0 && height > 0) problems.push('labels overlap: ' + one.text + ' and ' + other.text);
      }
    });
  }
  return { problems, labels };
})(${TOLERANCE})`;

/** The same for labels of charts, in a page that was opened with REMEMBER_LABELS. */
export function findLabelProblems(
  page: Page,
): Promise<{ readonly problems: readonly string[]; readonly labels: number }> {
  return page.evaluate(FIND_LABEL_PROBLEMS);
}
