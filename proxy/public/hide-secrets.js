/** Leaves out what could let somebody in. */
export function hideSecrets(text) {
  return String(text)
    .replace(/eyJ[\w-]+\.[\w-]+\.[\w-]+/g, '(token)')
    .replace(/inv_[\w-]+/g, '(invitation)')
    .replace(/(a=(?:ice-pwd|ice-ufrag|fingerprint)):[^\r\n"\\]+/g, '$1:(hidden)');
}
