package io.github.raspberryspy.sink.alert;

import java.util.Objects;

/**
 * Who signs in at a server.
 *
 * @param user the name
 * @param password a secret
 */
public record Login(String user, String password) {

  /** Checks presence. */
  public Login {
    Objects.requireNonNull(user, "user");
    Objects.requireNonNull(password, "password");
  }

  @Override
  public String toString() {
    return "Login[" + user + "]";
  }
}
