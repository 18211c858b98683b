package io.github.raspberryspy.sink.alert;

import java.net.URI;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The channels that are configured. */
final class Channels {

  private Channels() {}

  static List<Channel> of(AlertConfig config, AlertPicture pictures, Clock clock) {
    AlertConfig.Targets targets = config.targets();
    Optional<URI> link = config.link();
    List<Channel> channels = new ArrayList<>();
    targets
        .webhook()
        .ifPresent(c -> channels.add(new WebhookChannel(c, link, clock, HttpChannel.PATIENCE)));
    targets.ntfy().ifPresent(c -> channels.add(new NtfyChannel(c, link, HttpChannel.PATIENCE)));
    targets
        .mail()
        .ifPresent(
            c ->
                channels.add(
                    new MailChannel(
                        c, link, config.rules().zone(), pictures, HttpChannel.PATIENCE)));
    targets
        .mqtt()
        .ifPresent(c -> channels.add(new MqttChannel(c, link, clock, HttpChannel.PATIENCE)));
    return channels;
  }
}
