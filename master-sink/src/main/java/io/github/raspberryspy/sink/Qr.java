package io.github.raspberryspy.sink;

import com.google.zxing.BarcodeFormat;
import com.google.zxing.EncodeHintType;
import com.google.zxing.WriterException;
import com.google.zxing.common.BitMatrix;
import com.google.zxing.qrcode.QRCodeWriter;
import com.google.zxing.qrcode.decoder.ErrorCorrectionLevel;
import java.util.Map;

/** A text as a QR code. Source: ISO/IEC 18004. */
public final class Qr {

  private static final int QUIET = 4;

  private Qr() {}

  /** As SVG, dark on light whatever the page's colours are, a module a unit. */
  public static String svg(String text) {
    BitMatrix code = encode(text);
    StringBuilder path = new StringBuilder();
    for (int y = 0; y < code.getHeight(); y++) {
      for (int x = 0; x < code.getWidth(); x++) {
        if (code.get(x, y)) {
          path.append('M').append(x).append(' ').append(y).append("h1v1h-1z");
        }
      }
    }
    return "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 "
        + code.getWidth()
        + " "
        + code.getHeight()
        + "\" shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"M0 0h"
        + code.getWidth()
        + "v"
        + code.getHeight()
        + "H0z\"/><path fill=\"#000\" d=\""
        + path
        + "\"/></svg>";
  }

  /**
   * For a terminal: two modules above each other are one sign, black on white by its own colours.
   */
  public static String terminal(String text) {
    BitMatrix code = encode(text);
    StringBuilder out = new StringBuilder();
    for (int y = 0; y < code.getHeight(); y += 2) {
      out.append("\u001b[30;47m");
      for (int x = 0; x < code.getWidth(); x++) {
        boolean upper = code.get(x, y);
        boolean lower = y + 1 < code.getHeight() && code.get(x, y + 1);
        out.append(upper ? lower ? '\u2588' : '\u2580' : lower ? '\u2584' : ' ');
      }
      out.append("\u001b[0m\n");
    }
    return out.toString();
  }

  private static BitMatrix encode(String text) {
    try {
      return new QRCodeWriter()
          .encode(
              text,
              BarcodeFormat.QR_CODE,
              0,
              0,
              Map.of(
                  EncodeHintType.MARGIN,
                  QUIET,
                  EncodeHintType.ERROR_CORRECTION,
                  ErrorCorrectionLevel.L));
    } catch (WriterException e) {
      throw new IllegalArgumentException("the text is too long for a QR code", e);
    }
  }
}
