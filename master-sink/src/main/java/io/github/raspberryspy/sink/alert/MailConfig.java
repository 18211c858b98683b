package io.github.raspberryspy.sink.alert;

import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import java.net.URI;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A mail server, and who writes to whom by it.
 *
 * @param url {@code smtps://HOST:465}, encrypted from the first byte, or {@code smtp://HOST:587},
 *     by STARTTLS
 * @param login of the server, if it asks for one
 * @param from who writes
 * @param to who is written to; at least one
 * @param requiresTls whether nothing is said unencrypted; always, but on this machine itself
 */
public record MailConfig(
    URI url, Optional<Login> login, String from, List<String> to, boolean requiresTls) {

  private static final int SMTP = 587;
  private static final int SMTPS = 465;

  /**
   * Checks the addresses.
   *
   * @throws IllegalArgumentException in half a sentence, if one is none
   */
  public MailConfig {
    boolean isMail = "smtp".equals(url.getScheme()) || "smtps".equals(url.getScheme());
    if (!isMail || url.getHost() == null || url.getUserInfo() != null) {
      throw new IllegalArgumentException(
          "it is no address such as smtps://HOST:465 or smtp://HOST:587");
    }
    Objects.requireNonNull(login, "login");
    to = List.copyOf(to);
    requireAddress(from);
    requireAddresses(to);
  }

  /**
   * Checks who is written to, and returns it.
   *
   * @throws IllegalArgumentException in half a sentence, if that is nobody, or one is no address
   */
  public static List<String> requireAddresses(List<String> to) {
    if (to.isEmpty()) {
      throw new IllegalArgumentException("nobody is written to");
    }
    return to.stream().map(MailConfig::requireAddress).toList();
  }

  /** One that requires TLS, unless the server is on this machine. */
  public static MailConfig of(URI url, Optional<Login> login, String from, List<String> to) {
    boolean isHere = url.getHost() != null && Loopback.is(url.getHost());
    return new MailConfig(url, login, from, to, !isHere);
  }

  /** Whether the connection is encrypted from the first byte. */
  boolean isImplicitTls() {
    return url.getScheme().equals("smtps");
  }

  /** Port of the server. */
  int port() {
    return url.getPort() >= 0 ? url.getPort() : isImplicitTls() ? SMTPS : SMTP;
  }

  /**
   * Checks one address, and returns it.
   *
   * @throws IllegalArgumentException in half a sentence, if it is none
   */
  public static String requireAddress(String text) {
    try {
      new InternetAddress(text, true).validate();
      return text;
    } catch (AddressException e) {
      throw new IllegalArgumentException("\"" + text + "\" is no address such as name@host", e);
    }
  }
}
