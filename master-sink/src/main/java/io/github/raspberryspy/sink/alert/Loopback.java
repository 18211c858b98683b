package io.github.raspberryspy.sink.alert;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** Whether a name is this machine's own. */
final class Loopback {

  private Loopback() {}

  /** Without asking the network: what is no address is {@code localhost}, or another machine. */
  static boolean is(String host) {
    if (host.equalsIgnoreCase("localhost")) {
      return true;
    }
    boolean isAddress = host.matches("[0-9.]+") || host.contains(":");
    try {
      return isAddress && InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }
}
