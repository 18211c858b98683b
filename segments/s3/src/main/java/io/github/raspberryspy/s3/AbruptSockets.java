package io.github.raspberryspy.s3;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.function.Supplier;
import javax.net.ssl.SSLSocketFactory;

/**
 * Sockets of TLS that close at once. By default, closing one first sends its farewell, for which it
 * waits until another thread has written what it is writing: for ever, where nobody reads.
 *
 * <p>Source: {@code SSLSocketImpl.closeNotify} of the JDK, which waits as long as {@code SO_LINGER}
 * says, if that is set.
 */
final class AbruptSockets extends SSLSocketFactory {

  private final Supplier<SSLSocketFactory> sockets;

  /** Asks for the factory with each socket, so that none is loaded where there is no TLS. */
  AbruptSockets(Supplier<SSLSocketFactory> sockets) {
    this.sockets = sockets;
  }

  private static Socket abrupt(Socket socket) throws SocketException {
    socket.setSoLinger(true, 0);
    return socket;
  }

  @Override
  public String[] getDefaultCipherSuites() {
    return sockets.get().getDefaultCipherSuites();
  }

  @Override
  public String[] getSupportedCipherSuites() {
    return sockets.get().getSupportedCipherSuites();
  }

  @Override
  public Socket createSocket() throws IOException {
    return abrupt(sockets.get().createSocket());
  }

  @Override
  public Socket createSocket(Socket over, String host, int port, boolean closesIt)
      throws IOException {
    return abrupt(sockets.get().createSocket(over, host, port, closesIt));
  }

  @Override
  public Socket createSocket(String host, int port) throws IOException {
    return abrupt(sockets.get().createSocket(host, port));
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress from, int fromPort)
      throws IOException {
    return abrupt(sockets.get().createSocket(host, port, from, fromPort));
  }

  @Override
  public Socket createSocket(InetAddress host, int port) throws IOException {
    return abrupt(sockets.get().createSocket(host, port));
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress from, int fromPort)
      throws IOException {
    return abrupt(sockets.get().createSocket(host, port, from, fromPort));
  }
}
