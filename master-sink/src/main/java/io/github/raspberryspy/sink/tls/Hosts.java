package io.github.raspberryspy.sink.tls;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** By which names and addresses a master is reached. */
public final class Hosts {

  private static final Logger log = LoggerFactory.getLogger(Hosts.class);

  /** More than a code could hold. */
  private static final int MOST = 4;

  /** What can stand in a certificate as a host's name. */
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?");

  private Hosts() {}

  /**
   * Where cameras are to look for a master, each a host and a port, the likeliest first.
   *
   * @param host that it listens on
   * @param port that it listens on
   */
  public static List<String> addresses(TlsConfig config, String host, int port) {
    if (!config.addresses().isEmpty()) {
      return config.addresses().stream().map(a -> hasPort(a) ? a : a + ":" + port).toList();
    }
    return hosts(host).stream().limit(MOST).map(h -> h + ":" + port).toList();
  }

  /** What the certificate that a master makes for itself is for. */
  static List<String> names(TlsConfig config) {
    Set<String> names = new LinkedHashSet<>(List.of("localhost", "127.0.0.1"));
    config.addresses().forEach(a -> names.add(hasPort(a) ? a.replaceFirst(":\\d+$", "") : a));
    names.addAll(machine());
    return names.stream().filter(name -> NAME.matcher(name).matches()).toList();
  }

  private static List<String> hosts(String host) {
    try {
      if (!InetAddress.getByName(host).isAnyLocalAddress()) {
        return List.of(host.contains(":") ? "[" + host + "]" : host);
      }
    } catch (UnknownHostException e) {
      log.debug("{} is no host of this machine", host, e);
    }
    List<String> found = machine();
    return found.isEmpty() ? List.of("127.0.0.1") : found;
  }

  /** The addresses of this machine in its networks; without those of IPv6, which change. */
  private static List<String> machine() {
    try {
      return NetworkInterface.networkInterfaces()
          .filter(Hosts::isUp)
          .flatMap(NetworkInterface::inetAddresses)
          .filter(a -> a.getAddress().length == 4 && !a.isLoopbackAddress())
          .map(InetAddress::getHostAddress)
          .toList();
    } catch (SocketException e) {
      log.debug("the networks of this machine cannot be listed", e);
      return List.of();
    }
  }

  private static boolean isUp(NetworkInterface network) {
    try {
      return network.isUp() && !network.isLoopback();
    } catch (SocketException e) {
      log.debug("{} says nothing", network, e);
      return false;
    }
  }

  private static boolean hasPort(String address) {
    return address.matches(".*[^:]:\\d+|\\[.*]:\\d+");
  }
}
