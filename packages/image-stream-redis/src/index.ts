export { type ImageStreamRedis, openImageStreamRedis } from './open-image-stream-redis.ts';
