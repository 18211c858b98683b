package io.github.raspberryspy.camera.internal;

import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.LongPointer;

/**
 * The bytes of one of FFmpeg's packets, whatever it holds at the time, without the pointer object
 * that {@code AVPacket.data()} makes for each look at them. For one thread, while the packet lives.
 */
public final class PacketBytes {

  private static final int DATA = Loader.offsetof(AVPacket.class, "data") / Long.BYTES;

  private final LongPointer fields;
  private final Bytes bytes = new Bytes();

  /** Of this packet, which stays the caller's. */
  public PacketBytes(AVPacket packet) {
    fields = new LongPointer(packet);
  }

  /** Copies as many bytes as the array takes out of the packet, which must hold that many. */
  public void copyTo(byte[] array) {
    bytes.at(fields.get(DATA)).get(array, 0, array.length);
  }

  /** Copies all of the array into the packet, which must have room for it. */
  public void copyFrom(byte[] array) {
    bytes.at(fields.get(DATA)).put(array, 0, array.length);
  }

  /** A pointer that can be set to another place. */
  private static final class Bytes extends BytePointer {
    Bytes() {
      super((BytePointer) null);
    }

    BytePointer at(long newAddress) {
      address = newAddress;
      return this;
    }
  }
}
