package io.github.raspberryspy.segments.wire;

import io.github.raspberryspy.segments.DurableFiles;
import io.github.raspberryspy.segments.SegmentId;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * What a master tells a camera by way of a person, once: where it is, by which key it is known, and
 * a ticket that lets one camera in. As text it is {@code RSPY:} and base32 of
 *
 * <pre>
 * version  1 byte, 1
 * pin      32 bytes, SHA-256 of the master's public key (RFC 7469 section 2.4)
 * ticket   a byte that says how long it is, and that
 * name     likewise, UTF-8; empty where the camera may choose
 * address  each likewise: HOST:PORT, the likeliest first; one at the least
 * sum      the first 4 bytes of SHA-256 over all that
 * </pre>
 *
 * <p>The ticket is a secret: {@link #toString} hides it.
 */
public final class PairingCode {

  private static final String SCHEME = "RSPY:";
  private static final byte VERSION = 1;
  private static final int PIN_BYTES = 32;
  private static final int SUM_BYTES = 4;
  private static final int LEAST_TICKET = 16;
  private static final int MOST_TEXT = 2048;

  private final byte[] pin;
  private final byte[] ticket;
  private final String name;
  private final List<String> addresses;

  /**
   * Makes one.
   *
   * @param pin SHA-256 of the master's public key, 32 bytes
   * @param ticket the master's own, 16 to 255 bytes; a secret
   * @param name of the camera that it is for; empty for any
   * @param addresses where the master is
   * @throws IllegalArgumentException if that makes no code
   */
  public PairingCode(byte[] pin, byte[] ticket, String name, List<String> addresses) {
    this.pin = pin.clone();
    this.ticket = ticket.clone();
    this.name = name.isEmpty() ? name : SegmentId.requireCameraName(name);
    this.addresses = List.copyOf(addresses);
    if (pin.length != PIN_BYTES || ticket.length < LEAST_TICKET || addresses.isEmpty()) {
      throw new IllegalArgumentException("a code needs a pin, a ticket and an address");
    }
  }

  /** SHA-256 of the master's public key: 32 bytes. */
  public byte[] pin() {
    return pin.clone();
  }

  /** What lets one camera in. A secret. */
  public byte[] ticket() {
    return ticket.clone();
  }

  /** The camera that it is for; empty for any. */
  public String name() {
    return name;
  }

  /** Where the master is, HOST:PORT, the likeliest first. */
  public List<String> addresses() {
    return addresses;
  }

  /** The text form. A secret, as long as the ticket is good. */
  public String text() {
    ByteBuffer out = ByteBuffer.allocate(MOST_TEXT).put(VERSION).put(pin);
    put(out, ticket);
    put(out, name.getBytes(StandardCharsets.UTF_8));
    addresses.forEach(address -> put(out, address.getBytes(StandardCharsets.US_ASCII)));
    out.put(sum(Arrays.copyOf(out.array(), out.position())));
    return SCHEME + Base32.encode(Arrays.copyOf(out.array(), out.position()));
  }

  /**
   * Reads the text form. Spaces and hyphens in it do not count.
   *
   * @throws IllegalArgumentException in one sentence that does not repeat it, if it is none
   */
  public static PairingCode parse(String text) {
    String bare = text.replaceAll("[\\s-]", "");
    if (!bare.regionMatches(true, 0, SCHEME, 0, SCHEME.length()) || bare.length() > MOST_TEXT) {
      throw new IllegalArgumentException("the code does not begin with " + SCHEME);
    }
    byte[] bytes = Base32.decode(bare.substring(SCHEME.length()));
    int length = bytes.length - SUM_BYTES;
    if (length < 1
        || !Arrays.equals(
            sum(Arrays.copyOf(bytes, length)), Arrays.copyOfRange(bytes, length, bytes.length))) {
      throw new IllegalArgumentException("the code is not whole: copy it again");
    }
    if (bytes[0] != VERSION) {
      throw new IllegalArgumentException("the code is of a newer version than this camera");
    }
    return read(ByteBuffer.wrap(bytes, 1, length - 1));
  }

  private static PairingCode read(ByteBuffer in) {
    try {
      byte[] pin = new byte[PIN_BYTES];
      in.get(pin);
      byte[] ticket = take(in);
      String name = new String(take(in), StandardCharsets.UTF_8);
      var addresses = new ArrayList<String>();
      while (in.hasRemaining()) {
        addresses.add(new String(take(in), StandardCharsets.US_ASCII));
      }
      return new PairingCode(pin, ticket, name, addresses);
    } catch (BufferUnderflowException e) {
      throw new IllegalArgumentException("the code is damaged", e);
    }
  }

  private static void put(ByteBuffer out, byte[] part) {
    if (part.length > 255) {
      throw new IllegalArgumentException("a part of a code is longer than 255 bytes");
    }
    out.put((byte) part.length).put(part);
  }

  private static byte[] take(ByteBuffer in) {
    byte[] part = new byte[in.get() & 0xff];
    in.get(part);
    return part;
  }

  private static byte[] sum(byte[] bytes) {
    return Arrays.copyOf(DurableFiles.sha256().digest(bytes), SUM_BYTES);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PairingCode code
        && Arrays.equals(pin, code.pin)
        && Arrays.equals(ticket, code.ticket)
        && name.equals(code.name)
        && addresses.equals(code.addresses);
  }

  @Override
  public int hashCode() {
    return Objects.hash(Arrays.hashCode(pin), name, addresses);
  }

  @Override
  public String toString() {
    return "PairingCode" + addresses;
  }
}
