package io.github.raspberryspy.sink.fleet;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** A camera's connection that remembers what it was told. */
public final class FakePeer implements LinkPeer {

  public final List<String> sent = new CopyOnWriteArrayList<>();
  public final List<String> closed = new CopyOnWriteArrayList<>();
  public volatile Optional<InetAddress> address = Optional.empty();

  @Override
  public void close(String reason) {
    closed.add(reason);
  }

  @Override
  public void send(String text) {
    sent.add(text);
  }

  @Override
  public Optional<InetAddress> address() {
    return address;
  }
}
