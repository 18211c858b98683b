package io.github.raspberryspy.sink.index;

import io.github.raspberryspy.sink.alert.Alert;

/**
 * An alert that is to be delivered by a channel.
 *
 * @param alert it
 * @param attempts how often it was tried in vain
 */
public record Delivery(Alert alert, int attempts) {}
