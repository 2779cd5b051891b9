import { secretShapes } from '@interview/protocol';

const shapes = secretShapes.map(
  ({ pattern, instead }) => `[${pattern}, ${JSON.stringify(instead)}]`,
);

/** `hideSecrets` of the protocol as a module for the support page, which is served as it stands. */
export const hideSecretsModule = `const shapes = [
  ${shapes.join(',\n  ')},
];
export function hideSecrets(text) {
  return shapes.reduce((hidden, [shape, instead]) => hidden.replace(shape, instead), String(text));
}
`;
