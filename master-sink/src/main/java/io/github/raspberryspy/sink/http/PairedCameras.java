package io.github.raspberryspy.sink.http;

import io.github.raspberryspy.sink.index.CameraKeys;
import io.github.raspberryspy.sink.tls.MasterTls;
import jakarta.servlet.http.HttpServletRequest;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.WeakHashMap;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.io.EndPoint;

/**
 * Tells which paired camera asks, by the key that its connection proved, and ends the connections
 * of those whose key counts no longer, WebSockets among them. Thread-safe.
 */
final class PairedCameras {

  private final CameraKeys keys;

  /** What is open, by the key that it was let in with. */
  private final Map<EndPoint, String> open = Collections.synchronizedMap(new WeakHashMap<>());

  PairedCameras(CameraKeys keys) {
    this.keys = keys;
  }

  /** The camera whose key this connection has proved. */
  Optional<String> camera(HttpServletRequest request) {
    EndPoint end =
        ServletContextRequest.getServletContextRequest(request)
            .getConnectionMetaData()
            .getConnection()
            .getEndPoint();
    EndPoint.SslSessionData session = end.getSslSessionData();
    X509Certificate[] shown = session == null ? null : session.peerCertificates();
    if (shown == null || shown.length == 0) {
      return Optional.empty();
    }
    String key = HexFormat.of().formatHex(MasterTls.pin(shown[0]));
    if (keys.camera(key).isPresent()) {
      open.put(end, key);
    }
    return keys.camera(key); // asked once more: who revokes it meanwhile finds the connection
  }

  /** Whether a camera of this name was ever paired: then it is known by its key alone. */
  boolean isKnown(String camera) {
    return keys.isKnown(camera);
  }

  /** Ends every connection that was let in with a key that counts no longer. */
  void turnOut() {
    List<EndPoint> ended = new ArrayList<>();
    synchronized (open) {
      open.forEach(
          (end, key) -> {
            if (keys.camera(key).isEmpty()) {
              ended.add(end);
            }
          });
      ended.forEach(open::remove);
    }
    ended.forEach(TlsDoor::end);
  }
}
