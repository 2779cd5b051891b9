import ipaddr from 'ipaddr.js';

/** Azure's service address for virtual machines looks public (learn.microsoft.com, "What is IP address 168.63.129.16?"). */
const AZURE_SERVICES = '168.63.129.16';

/** Whether an address is a host's on the public internet, and not one of a network that only this server reaches. */
export function isPublicAddress(text: string): boolean {
  if (!ipaddr.isValid(text)) return false;
  // `process` makes ::ffff:10.0.0.1 the IPv4 address that it stands for.
  const address = ipaddr.process(text);
  // 64:ff9b::/96, 2002::/16 and others that carry an IPv4 address have ranges of their own, so they are refused too.
  return address.range() === 'unicast' && address.toString() !== AZURE_SERVICES;
}

/** Whether an address is this machine's own. */
export function isLoopback(text: string): boolean {
  return ipaddr.isValid(text) && ipaddr.process(text).range() === 'loopback';
}
