package io.github.raspberryspy.sink.store;

import java.nio.file.Path;

/** The files beside a video. */
final class Beside {

  private Beside() {}

  static Path manifest(Path video) {
    return video.resolveSibling(FootageKeys.manifest(video.getFileName().toString()));
  }

  static Path savedMark(Path video) {
    return video.resolveSibling(FootageKeys.savedMark(video.getFileName().toString()));
  }

  static Path trashMark(Path video) {
    return video.resolveSibling(FootageKeys.trashMark(video.getFileName().toString()));
  }
}
