export { runProducer } from './run-producer.ts';
