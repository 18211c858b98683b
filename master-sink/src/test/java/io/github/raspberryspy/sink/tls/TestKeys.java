package io.github.raspberryspy.sink.tls;

import java.io.IOException;
import java.util.List;

/** Keys for tests. */
public final class TestKeys {

  private TestKeys() {}

  /** A new key with a certificate for this host. */
  public static String pem(String name) throws IOException {
    return Certificates.own(List.of(name)).pem();
  }
}
