package io.github.raspberryspy.daemon.config;

import io.github.raspberryspy.camera.CameraException;
import io.github.raspberryspy.camera.audio.AudioCodec;
import io.github.raspberryspy.camera.audio.AudioConfig;
import java.util.Optional;

/** The keys of the sound that is recorded with the pictures. */
final class AudioKeys {

  static final ConfigKey<String> SOURCE =
      ConfigKey.text(
          "audio.source",
          "Where sound comes from: a URI; empty for none. Recording sound may need consent.",
          "");

  static final ConfigKey<AudioCodec> CODEC =
      ConfigKey.choice("audio.codec", "How sound is encoded.", AudioCodec.AAC, AudioCodec.class);

  static final ConfigKey<Integer> BITRATE =
      ConfigKey.integer(
          "audio.bitrate",
          "Bits of sound per second.",
          64_000,
          AudioConfig.MIN_BITRATE_BPS,
          AudioConfig.MAX_BITRATE_BPS);

  private AudioKeys() {}

  /** The sound, where there is to be some. */
  static Optional<AudioConfig> config(Settings settings) {
    String source = settings.get(SOURCE);
    AudioCodec codec = settings.get(CODEC); // wrong is wrong, also while there is no sound
    int bitrate = settings.get(BITRATE);
    if (source.isBlank()) {
      return Optional.empty();
    }
    try {
      return Optional.of(new AudioConfig(source, codec, bitrate));
    } catch (CameraException e) {
      throw new ConfigException("key \"audio.source\": " + e.getMessage());
    }
  }
}
