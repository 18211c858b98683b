package io.github.raspberryspy.camera.audio;

/** How sound is encoded. */
public enum AudioCodec {
  /** AAC-LC, by FFmpeg's own encoder: every browser and player knows it. */
  AAC("aac"),
  /** Opus, by libopus: better at low bitrates; browsers and players of today know it. */
  OPUS("libopus");

  private final String encoder;

  AudioCodec(String encoder) {
    this.encoder = encoder;
  }

  /** FFmpeg's name of the encoder. */
  String encoder() {
    return encoder;
  }
}
