package io.github.raspberryspy.camera.source;

/** To be drawn. */
final class TestPatternSource {
  private TestPatternSource() {}

  @SuppressWarnings("DoNotCallSuggester")
  static CameraSource of(SourceUri address) {
    throw new UnsupportedOperationException(address.text());
  }
}
