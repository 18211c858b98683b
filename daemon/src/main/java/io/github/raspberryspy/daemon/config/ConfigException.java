package io.github.raspberryspy.daemon.config;

/**
 * A setting cannot be used: one sentence that names the key or file, the value, and what is
 * allowed.
 */
public final class ConfigException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  ConfigException(String sentence) {
    super(sentence);
  }
}
