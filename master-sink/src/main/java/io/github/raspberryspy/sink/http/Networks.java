package io.github.raspberryspy.sink.http;

import java.net.InetAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The networks that this machine is in, and who is outside them. Immutable. */
final class Networks {

  private static final Logger log = LoggerFactory.getLogger(Networks.class);

  private final Supplier<List<Own>> own;
  private final Predicate<InetAddress> isPrivate;

  /**
   * Networks of a machine.
   *
   * @param own asked each time, since they change
   * @param isPrivate whether nobody on the internet can have that address
   */
  Networks(Supplier<List<Own>> own, Predicate<InetAddress> isPrivate) {
    this.own = own;
    this.isPrivate = isPrivate;
  }

  /**
   * An address of this machine.
   *
   * @param prefix bits that it has in common with its neighbours
   * @param isTunnel whether a VPN brings it
   */
  record Own(InetAddress address, int prefix, boolean isTunnel) {}

  /** Those of this machine. */
  static Networks ofThisMachine() {
    return new Networks(Networks::list, Networks::isPrivate);
  }

  /**
   * Whether who is at this address is on the internet: not on this machine, in none of its
   * networks, and not come by a VPN. A neighbour's address of IPv6 is public, and no stranger's.
   *
   * @param here where the connection came in
   */
  boolean isOutside(InetAddress peer, InetAddress here) {
    return !isPrivate.test(peer)
        && own.get().stream()
            .noneMatch(
                mine ->
                    isNeighbour(peer, mine) || (mine.isTunnel() && mine.address().equals(here)));
  }

  /**
   * The addresses of this machine that anybody on the internet may dial; of IPv4 alone, since home
   * networks give each machine a public one of IPv6, behind a firewall.
   */
  List<InetAddress> dialled() {
    return own.get().stream()
        .filter(mine -> !mine.isTunnel())
        .map(Own::address)
        .filter(address -> address.getAddress().length == 4 && !isPrivate.test(address))
        .toList();
  }

  private static boolean isNeighbour(InetAddress peer, Own mine) {
    byte[] a = peer.getAddress();
    byte[] b = mine.address().getAddress();
    int bytes = mine.prefix() / 8;
    int rest = mine.prefix() % 8;
    return mine.prefix() > 0
        && a.length == b.length
        && Arrays.equals(a, 0, bytes, b, 0, bytes)
        && (rest == 0 || (a[bytes] & 0xff) >> (8 - rest) == (b[bytes] & 0xff) >> (8 - rest));
  }

  /**
   * Addresses that are not routed over the internet; those that providers share among customers,
   * and VPNs among their members, count too. Source: RFC 1918, 4193, 6598.
   */
  static boolean isPrivate(InetAddress address) {
    byte[] a = address.getAddress();
    boolean isShared = a.length == 4 && a[0] == 100 && (a[1] & 0xc0) == 64;
    boolean isUniqueLocal = a.length == 16 && (a[0] & 0xfe) == 0xfc;
    return address.isLoopbackAddress()
        || address.isAnyLocalAddress()
        || address.isLinkLocalAddress()
        || address.isSiteLocalAddress()
        || isShared
        || isUniqueLocal;
  }

  private static List<Own> list() {
    List<Own> found = new ArrayList<>();
    try (Stream<NetworkInterface> all = NetworkInterface.networkInterfaces()) {
      for (NetworkInterface network : all.toList()) {
        boolean isTunnel = isTunnel(network);
        for (InterfaceAddress address : network.getInterfaceAddresses()) {
          found.add(new Own(address.getAddress(), address.getNetworkPrefixLength(), isTunnel));
        }
      }
    } catch (SocketException e) {
      log.debug("the networks of this machine cannot be listed", e);
    }
    return found;
  }

  private static boolean isTunnel(NetworkInterface network) throws SocketException {
    return network.isPointToPoint() || network.getName().matches("(wg|tun|tap|tailscale|zt).*");
  }
}
