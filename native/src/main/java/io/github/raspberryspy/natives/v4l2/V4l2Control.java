package io.github.raspberryspy.natives.v4l2;

import java.util.Map;

/**
 * A knob of a device.
 *
 * @param id the kernel's number
 * @param name for people
 * @param type what its value is
 * @param minimum smallest value
 * @param maximum largest value
 * @param step from one value to the next
 * @param fallback value at first
 * @param flags the kernel's bits
 * @param menu for menus, the values that it may have, with their names
 */
public record V4l2Control(
    int id,
    String name,
    Type type,
    long minimum,
    long maximum,
    long step,
    long fallback,
    int flags,
    Map<Integer, String> menu) {

  private static final int DISABLED = 0x1;
  private static final int READ_ONLY = 0x4;
  private static final int INACTIVE = 0x10;

  /** What a value is. */
  public enum Type {
    /** A whole number. */
    INTEGER,
    /** 0 or 1. */
    BOOLEAN,
    /** One of a few, by number. */
    MENU,
    /** Pressing it does something; it has no value. */
    BUTTON,
    /** A number of 64 bits. */
    INTEGER64,
    /** A heading over others. */
    HEADING,
    /** A text. */
    TEXT,
    /** Bits. */
    BITMASK,
    /** One of a few numbers, by place. */
    INTEGER_MENU,
    /** A structure or an array. */
    OTHER;

    static Type of(int number) {
      Type[] inOrder = values();
      return number >= 1 && number < inOrder.length ? inOrder[number - 1] : OTHER;
    }
  }

  /** Keeps a copy of the menu. */
  public V4l2Control {
    menu = Map.copyOf(menu);
  }

  /** Whether it can be set (now). */
  public boolean isWritable() {
    return (flags & (DISABLED | READ_ONLY | INACTIVE)) == 0;
  }

  /** The name in small letters with underscores: {@code white_balance_automatic}. */
  public String key() {
    StringBuilder key = new StringBuilder();
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean isKept = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
      boolean isCapital = c >= 'A' && c <= 'Z';
      if (isKept || isCapital) {
        key.append(isCapital ? (char) (c - 'A' + 'a') : c);
      } else if (key.length() > 0 && key.charAt(key.length() - 1) != '_') {
        key.append('_');
      }
    }
    int end = key.length();
    return end > 0 && key.charAt(end - 1) == '_' ? key.substring(0, end - 1) : key.toString();
  }
}
