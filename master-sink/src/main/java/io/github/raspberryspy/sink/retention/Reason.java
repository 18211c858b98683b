package io.github.raspberryspy.sink.retention;

import java.util.Locale;

/** Why a segment goes. */
enum Reason {
  /** It is older than footage is kept. */
  AGE,
  /** There is more footage of its camera than is kept. */
  CAMERA_SIZE,
  /** There is more footage than is kept. */
  SIZE,
  /** The disk has too little room for what comes. */
  SPACE;

  /** As events and logs say it. */
  String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
