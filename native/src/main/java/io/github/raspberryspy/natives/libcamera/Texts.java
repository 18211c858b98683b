package io.github.raspberryspy.natives.libcamera;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.nio.charset.StandardCharsets;
import java.util.function.ToIntBiFunction;

/** Text into and out of the shim: UTF-8 with a NUL, whatever the process's own encoding is. */
final class Texts {

  private static final int FIRST_GUESS = 4096;

  private Texts() {}

  /** A sentence of the shim for a result below 0; any other result is returned. */
  static int check(int result) {
    if (result < 0) {
      throw new LibcameraException(-result, string(Functions.rspy_camera_last_error()));
    }
    return result;
  }

  static String string(Pointer text) {
    return text.getString(0, StandardCharsets.UTF_8.name());
  }

  static Memory memory(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    Memory memory = new Memory(bytes.length + 1L);
    memory.write(0, bytes, 0, bytes.length);
    memory.setByte(bytes.length, (byte) 0);
    return memory;
  }

  /** Calls a function that writes a text, with as much room as it needs. */
  static String read(ToIntBiFunction<Pointer, Integer> function) {
    int capacity = FIRST_GUESS;
    while (true) {
      Memory memory = new Memory(capacity);
      int needed = check(function.applyAsInt(memory, capacity));
      if (needed <= capacity) {
        return string(memory);
      }
      capacity = needed;
    }
  }
}
