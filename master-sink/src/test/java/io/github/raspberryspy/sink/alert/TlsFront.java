package io.github.raspberryspy.sink.alert;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * TLS before an SMTP server that has none: from the first byte, or from STARTTLS on, which is the
 * only thing that it answers itself. Source: RFC 3207.
 */
final class TlsFront implements AutoCloseable {

  final int port;
  private final ServerSocket door;
  private final SSLContext shown;
  private final int behind;
  private final boolean startsPlain;
  private final ExecutorService threads = Executors.newCachedThreadPool();

  TlsFront(SSLContext shown, int behind, boolean startsPlain) throws IOException {
    this.shown = shown;
    this.behind = behind;
    this.startsPlain = startsPlain;
    door = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    port = door.getLocalPort();
    threads.execute(this::accept);
  }

  private void accept() {
    while (!door.isClosed()) {
      try {
        Socket client = door.accept();
        threads.execute(() -> serve(client));
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  private void serve(Socket client) {
    try (Socket server = new Socket(InetAddress.getLoopbackAddress(), behind)) {
      if (startsPlain) {
        greet(client, server);
      }
      SSLSocket tls = (SSLSocket) shown.getSocketFactory().createSocket(client, "client", 0, true);
      tls.setUseClientMode(false);
      try (tls) {
        tls.startHandshake();
        threads.execute(() -> pump(server, tls));
        pump(tls, server);
      }
    } catch (IOException e) {
      close(client); // who does not believe the certificate
    }
  }

  private static void greet(Socket client, Socket server) throws IOException {
    OutputStream out = client.getOutputStream();
    out.write((line(server.getInputStream()) + "\r\n").getBytes(US_ASCII));
    line(client.getInputStream()); // EHLO
    out.write("250-front\r\n250 STARTTLS\r\n".getBytes(US_ASCII));
    if (!line(client.getInputStream()).equals("STARTTLS")) {
      throw new IOException("it did not ask for TLS");
    }
    out.write("220 go on\r\n".getBytes(US_ASCII));
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
      line.append((char) c);
    }
    return line.toString().strip();
  }

  private static void pump(Socket from, Socket to) {
    try {
      from.getInputStream().transferTo(to.getOutputStream());
    } catch (IOException e) {
      close(from);
    } finally {
      close(to);
    }
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() throws IOException {
    door.close();
    threads.shutdown();
  }
}
