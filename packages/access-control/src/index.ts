export { type Authenticator, EVERYWHERE, type Grant, type Principal, type Role } from './access.ts';
