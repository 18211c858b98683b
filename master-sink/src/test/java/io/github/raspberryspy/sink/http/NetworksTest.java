package io.github.raspberryspy.sink.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.raspberryspy.sink.http.Networks.Own;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who is outside: by made-up addresses of a machine at home, with a VPN. */
class NetworksTest {

  private static final Networks HOME =
      new Networks(
          () ->
              List.of(
                  own("127.0.0.1", 8, false),
                  own("192.168.1.10", 24, false),
                  own("2003:c1:17:4200::10", 64, false),
                  own("198.51.100.77", 24, true), // a VPN whose members have public addresses
                  own("10.8.0.1", 24, true)),
          Networks::isPrivate);

  private static Own own(String address, int prefix, boolean isTunnel) {
    return new Own(address(address), prefix, isTunnel);
  }

  private static InetAddress address(String text) {
    try {
      return InetAddress.getByName(text);
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, 127.0.0.1, false", // this machine, or a proxy on it
    "::1, ::1, false",
    "192.168.1.33, 192.168.1.10, false",
    "172.31.0.5, 192.168.1.10, false", // another network of the house
    "100.101.102.103, 192.168.1.10, false", // shared by a provider, or by a VPN
    "169.254.7.7, 192.168.1.10, false",
    "fe80::1, 2003:c1:17:4200::10, false",
    "fd12:3456::7, 2003:c1:17:4200::10, false",
    "::ffff:10.0.0.7, 192.168.1.10, false",
    "10.8.0.2, 10.8.0.1, false", // a phone by WireGuard
    "198.51.100.200, 198.51.100.77, false",
    "203.0.113.9, 198.51.100.77, false", // whatever its address, the VPN brought it
    "2003:c1:17:4200:aaaa::5, 2003:c1:17:4200::10, false", // a phone in the same house
    "2003:c1:17:4201::5, 2003:c1:17:4200::10, true",
    "203.0.113.9, 192.168.1.10, true", // the router passes a port on
    "100.128.0.1, 192.168.1.10, true",
    "172.32.0.1, 192.168.1.10, true",
    "2a00:1450:4001::68, 2003:c1:17:4200::10, true"
  })
  void aStrangerIsWhoIsInNoneOfTheNetworks(String peer, String here, boolean isOutside) {
    assertThat(HOME.isOutside(address(peer), address(here))).isEqualTo(isOutside);
  }

  @Test
  void aServerInARackIsDialledAtItsPublicAddressAndAHouseIsNot() {
    assertThat(HOME.dialled()).isEmpty();
    Networks rack =
        new Networks(
            () -> List.of(own("203.0.113.5", 24, false), own("10.0.0.5", 8, false)),
            Networks::isPrivate);
    assertThat(rack.dialled()).containsExactly(address("203.0.113.5"));
  }

  @Test
  void thisMachineHasNetworks() {
    assertThat(Networks.ofThisMachine().isOutside(address("127.0.0.1"), address("127.0.0.1")))
        .isFalse();
  }
}
