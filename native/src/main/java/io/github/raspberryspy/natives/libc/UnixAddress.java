package io.github.raspberryspy.natives.libc;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.nio.charset.StandardCharsets;

/**
 * The address of a local socket, laid out as the kernel wants it ({@code struct sockaddr_un}).
 *
 * <pre>
 *   0         2                                                        110
 *   +---------+---------------------------------------------------------+
 *   | AF_UNIX | path and NUL, or NUL and abstract name (no NUL behind)    |
 *   +---------+---------------------------------------------------------+
 * </pre>
 *
 * Owns native memory, which is freed with it. Source: unix(7).
 */
public final class UnixAddress {

  private static final int MAX_NAME_BYTES = 108;

  private final Memory memory;
  private final int size;

  /**
   * Lays a name out.
   *
   * @param name a path that starts with {@code /}, or {@code @} and an abstract name; at most 107
   *     bytes
   * @throws IllegalArgumentException if it is neither, or too long
   */
  public UnixAddress(String name) {
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    boolean isAbstract = name.startsWith("@");
    if (bytes.length < 2 || !(isAbstract || name.startsWith("/"))) {
      throw new IllegalArgumentException(
          "socket \"" + name + "\" is neither a path from / nor an abstract name behind @");
    }
    if (bytes.length >= MAX_NAME_BYTES) {
      throw new IllegalArgumentException("socket \"" + name + "\" is longer than 107 bytes");
    }
    memory = new Memory(2 + MAX_NAME_BYTES);
    memory.clear();
    memory.setShort(0, (short) LibC.AF_UNIX);
    memory.write(2, bytes, 0, bytes.length);
    if (isAbstract) {
      memory.setByte(2, (byte) 0);
    }
    size = 2 + bytes.length + (isAbstract ? 0 : 1);
  }

  /** Where it lies; valid as long as this object is reachable. */
  public Pointer pointer() {
    return memory;
  }

  /** How many bytes of it count. */
  public int size() {
    return size;
  }
}
