import { networkInterfaces, type NetworkInterfaceInfo } from "node:os";

/** Interfaces that lead to containers, virtual machines and tunnels rather than to a device in the room. */
const virtualName = /^(?:docker|br-|veth|virbr|vmnet|vboxnet|cni|flannel|utun|tun|tap|lo)/i;

/** Addresses of this machine that other devices may reach it at, the likeliest first; IPv4 only, as people read them out. */
export function lanAddresses(
  interfaces: Readonly<Record<string, readonly NetworkInterfaceInfo[] | undefined>> = networkInterfaces(),
): readonly string[] {
  return Object.entries(interfaces)
    .flatMap(([name, infos]) => (infos ?? []).map((info) => ({ name, info })))
    .filter(({ info }) => info.family === "IPv4" && !info.internal && !info.address.startsWith("169.254."))
    .toSorted((one, other) => Number(virtualName.test(one.name)) - Number(virtualName.test(other.name)))
    .map(({ info }) => info.address);
}
