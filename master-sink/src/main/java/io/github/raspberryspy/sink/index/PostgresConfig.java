package io.github.raspberryspy.sink.index;

import java.util.Optional;
import java.util.regex.Pattern;
import org.postgresql.Driver;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Which PostgreSQL database holds the index, and who asks it. Immutable; says nothing of the
 * password in its text.
 *
 * @param url {@code jdbc:postgresql://HOST:PORT/DATABASE}, with the driver's parameters behind a
 *     question mark, but without user and password
 * @param user the database's user; by default as this process's user is called
 * @param password the user's; a secret
 */
public record PostgresConfig(String url, Optional<String> user, Optional<String> password) {

  private static final String PREFIX = "jdbc:postgresql:";
  private static final Pattern NAMES_SOMEBODY = Pattern.compile("@|[?&](user|password)=");

  /** Seconds until a server that does not answer is given up: to connect, and within an answer. */
  private static final int CONNECT_SECONDS = 5;

  private static final int ANSWER_SECONDS = 30;

  /**
   * Checks the address.
   *
   * @throws IllegalArgumentException in half a sentence that says what is wrong and not what a
   *     secret is
   */
  public PostgresConfig {
    if (NAMES_SOMEBODY.matcher(url).find()) { // before the driver looks, which logs what it refuses
      throw new IllegalArgumentException(
          "it names a user or a password; allowed is an address without them");
    }
    if (!url.startsWith(PREFIX) || Driver.parseURL(url, null) == null) {
      throw new IllegalArgumentException(
          "it is no address of a PostgreSQL database; allowed is"
              + " jdbc:postgresql://HOST:PORT/DATABASE");
    }
  }

  /** Makes connections to it, of which none waits for ever. */
  PGSimpleDataSource source() {
    PGSimpleDataSource source = patientSource();
    source.setSocketTimeout(ANSWER_SECONDS);
    return source;
  }

  /** Makes connections whose answers may take their time, as a migration's do. */
  PGSimpleDataSource patientSource() {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setUrl(url);
    user.ifPresent(source::setUser);
    password.ifPresent(source::setPassword);
    source.setConnectTimeout(CONNECT_SECONDS);
    source.setLoginTimeout(2 * CONNECT_SECONDS);
    source.setTcpKeepAlive(true);
    source.setApplicationName("raspberryspy");
    return source;
  }

  /** The address without the driver's parameters, for the log. */
  @Override
  public String toString() {
    return url.replaceAll("\\?.*", "");
  }
}
