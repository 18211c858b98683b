package io.github.raspberryspy.camera.audio;

import io.github.raspberryspy.camera.CameraException;
import io.github.raspberryspy.camera.CameraException.Kind;
import io.github.raspberryspy.camera.source.SourceUri;

/**
 * Finds the source of sound for an address: {@code alsa:NAME?key=value&…} is a sound card, {@code
 * test:} a tone.
 */
public final class AudioSources {

  private static final String ALSA = "alsa:";
  private static final String TEST = "test:";

  /** Of a card; it records two of them at the most. */
  static final int MOST_CHANNELS = 8;

  private AudioSources() {}

  /**
   * The source for an address, not yet opened. Every key of the address is checked here.
   *
   * @throws CameraException of kind INVALID, for an unknown scheme or key or a value out of range
   */
  public static AudioSource create(String address) {
    if (address.startsWith(ALSA)) {
      return AlsaSource.of(parse(address, ALSA));
    }
    if (address.startsWith(TEST)) {
      return ToneSource.of(parse(address, TEST), System::nanoTime);
    }
    throw new CameraException(
        Kind.INVALID,
        "the source of sound \"" + address + "\" has an unknown scheme; known are alsa, test");
  }

  /** How many channels of an address are recorded: one, or two where it has more. */
  static int channels(String address) {
    SourceUri parsed = parse(address, address.startsWith(ALSA) ? ALSA : TEST);
    return Math.min(2, parsed.integer("channels", 1, 1, MOST_CHANNELS));
  }

  /** {@code alsa:hw:1,0?rate=48000}: for the sake of its name it may do without the slashes. */
  private static SourceUri parse(String address, String scheme) {
    String rest = address.substring(scheme.length());
    return SourceUri.parse(rest.startsWith("//") ? address : scheme + "//" + rest);
  }
}
