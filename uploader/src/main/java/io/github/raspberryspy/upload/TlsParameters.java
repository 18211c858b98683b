package io.github.raspberryspy.upload;

import javax.net.ssl.SSLParameters;

/**
 * TLS 1.3 as a camera speaks it: ChaCha20 first, which the master then takes. Boards before the Pi
 * 5 cannot do AES by themselves, and a Java without its second compiler, as a camera's is tuned,
 * does not have the processor do it where it can: it takes three times as long, and is no better.
 */
public final class TlsParameters {

  private static final String[] SUITES = {
    "TLS_CHACHA20_POLY1305_SHA256", "TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384"
  };

  private TlsParameters() {}

  /** New ones, which are the caller's. */
  public static SSLParameters ofCamera() {
    return new SSLParameters(SUITES.clone(), new String[] {"TLSv1.3"});
  }
}
