package io.github.raspberryspy.segments.wire;

import java.util.Objects;

/**
 * What the board of a camera is, and what runs on it. What is not known is empty text.
 *
 * @param model such as {@code Raspberry Pi 4 Model B Rev 1.5}
 * @param system the operating system and its version
 * @param kernel its version
 * @param firmware its version
 */
public record BoardFacts(String model, String system, String kernel, String firmware) {

  /** Of a board that says nothing. */
  public static final BoardFacts UNKNOWN = new BoardFacts("", "", "", "");

  /** Checks presence. */
  public BoardFacts {
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(system, "system");
    Objects.requireNonNull(kernel, "kernel");
    Objects.requireNonNull(firmware, "firmware");
  }
}
