import { describe, expect, it } from "vitest";

import { lanAddresses } from "./addresses.ts";
import { addressKey, hostnameOf, isLoopbackName, isOwnName } from "./hosts.ts";

describe("hosts", () => {
  it.each([
    ["localhost:8080", "localhost"],
    ["[::1]:8080", "::1"],
    ["Gauge.Test", "gauge.test"],
    ["user@evil.test", null],
    ["a/b", null],
    [undefined, null],
  ])("reads %j as %j", (authority, hostname) => {
    expect(hostnameOf(authority)).toBe(hostname);
  });

  it.each([
    ["localhost", true, true],
    ["127.0.0.1", true, true],
    ["192.0.2.1", false, true],
    ["studio.local", false, true],
    ["gauge.test", false, true],
    ["rebound.test", false, false],
    ["localhost.evil.test", false, false],
  ])("%s is loopback: %s, our own: %s", (hostname, loopback, own) => {
    expect(isLoopbackName(hostname)).toBe(loopback);
    expect(isOwnName(hostname, ["Gauge.test"])).toBe(own);
  });

  it.each([
    ["::ffff:192.0.2.1", "192.0.2.1"],
    ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2"],
    ["2001:db8::6", "2001:db8:0:0"],
    ["::1", "0:0:0:0"],
    [undefined, "unknown"],
  ])("counts %s as %s", (address, key) => {
    expect(addressKey(address)).toBe(key);
  });

  it("offers addresses of real networks before those of containers", () => {
    const info = (address: string, internal = false) =>
      ({ address, internal, family: "IPv4", netmask: "", mac: "", cidr: null }) as const;
    const interfaces = {
      lo: [info("127.0.0.1", true)],
      docker0: [info("172.17.0.1")],
      wlan0: [info("169.254.3.4"), info("192.168.1.5")],
    };
    expect(lanAddresses(interfaces)).toEqual(["192.168.1.5", "172.17.0.1"]);
  });
});
