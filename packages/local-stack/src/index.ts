export { startStack, type Stack, type StackOptions } from './stack.ts';
export type { StackInfo } from './stack-file.ts';
export type { Mail } from './mailbox.ts';
export { StackError } from './stack-error.ts';
