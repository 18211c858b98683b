package io.github.raspberryspy.sink;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Connections that send what they like, go on with it or not, and are heard and counted. */
public final class RawConnections implements AutoCloseable {

  private final InetSocketAddress server;
  private final List<SocketChannel> open = new ArrayList<>();
  private final StringBuilder heard = new StringBuilder();

  /** To this server; none yet. */
  public RawConnections(URI server) {
    this.server = new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getPort());
  }

  /** So many more connections, each of which sends this. */
  public RawConnections come(int count, String text) throws IOException {
    for (int i = 0; i < count; i++) {
      SocketChannel channel = SocketChannel.open(server);
      open.add(channel);
      channel.write(bytes(text));
      channel.configureBlocking(false);
    }
    return this;
  }

  /** Each sends this as well; those to which the server does not listen any more are left out. */
  public void say(String text) {
    open.removeIf(channel -> !says(channel, text));
  }

  private static boolean says(SocketChannel channel, String text) {
    try {
      channel.write(bytes(text));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** How many of them the server has not ended. */
  public long left() {
    return open.stream().filter(this::hears).count();
  }

  /** How many answers of this status all of them have had. */
  public int answers(int status) {
    left();
    return heard.toString().split("HTTP/1.1 " + status, -1).length - 1;
  }

  private boolean hears(SocketChannel channel) {
    try {
      ByteBuffer bytes = ByteBuffer.allocate(4096);
      int n = channel.read(bytes);
      while (n > 0) {
        heard.append(StandardCharsets.US_ASCII.decode(bytes.flip()));
        n = channel.read(bytes.clear());
      }
      return n == 0;
    } catch (IOException e) {
      return false;
    }
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
  }

  @Override
  public void close() throws IOException {
    for (SocketChannel channel : open) {
      channel.close();
    }
  }
}
