package io.github.raspberryspy.sink.auth;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.HexFormat;

/** Those who share an address, as far as can be seen from outside. */
final class Household {

  private static final int IPV6_NETWORK_BYTES = 8;

  private Household() {}

  /** What one household has of IPv6 is a network, with more addresses than could be counted. */
  static String of(String address) {
    if (!address.contains(":")) {
      return address;
    }
    try {
      byte[] bytes = InetAddress.getByName(address).getAddress(); // a literal: nobody is asked
      return HexFormat.of()
          .formatHex(Arrays.copyOf(bytes, Math.min(bytes.length, IPV6_NETWORK_BYTES)));
    } catch (UnknownHostException e) {
      return address;
    }
  }
}
