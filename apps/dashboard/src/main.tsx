import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './page/app.tsx';
import './page/page.css';

const place = document.getElementById('page');
if (place === null) throw new Error('the page has no place for the app');
createRoot(place).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
