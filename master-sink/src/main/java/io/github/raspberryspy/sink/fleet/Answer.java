package io.github.raspberryspy.sink.fleet;

import io.github.raspberryspy.segments.wire.LinkMessage.Done;

/**
 * What came of a command.
 *
 * @param isOfCamera whether its camera has answered; else it may have obeyed, or not
 * @param ok whether it obeyed
 * @param sentence why it did not, or has not answered; empty where it obeyed
 */
public record Answer(boolean isOfCamera, boolean ok, String sentence) {

  static Answer of(Done done) {
    return new Answer(true, done.ok(), done.sentence());
  }

  static Answer none(String why) {
    return new Answer(false, false, why);
  }
}
