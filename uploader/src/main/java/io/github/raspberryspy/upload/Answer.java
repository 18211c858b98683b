package io.github.raspberryspy.upload;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.github.raspberryspy.segments.JsonFields;
import java.io.IOException;
import java.net.http.HttpHeaders;
import java.util.OptionalLong;

/** What the master answered: status, headers, and a body within a limit. */
final class Answer {
  private final int status;
  private final HttpHeaders headers;
  private final byte[] body;

  Answer(int status, HttpHeaders headers, byte[] body) {
    this.status = status;
    this.headers = headers;
    this.body = body;
  }

  /** Status of HTTP. */
  int status() {
    return status;
  }

  /** Headers of HTTP. */
  HttpHeaders headers() {
    return headers;
  }

  /** The bytes, not copied; empty where there are none. */
  byte[] body() {
    return body;
  }

  /** Whether it says that all went well. */
  boolean isFine() {
    return status >= 200 && status < 300;
  }

  /** Whether the upload that was spoken of is not there any more. */
  boolean isGone() {
    return status == 404 || status == 410;
  }

  /** Whether the master failed in a way that is not known to pass, as a full disk or a stop is. */
  boolean isFailure() {
    return switch (status) {
      case 502, 503, 504, 507 -> false;
      default -> status >= 500 && status < 600;
    };
  }

  /** A header that holds a size. */
  OptionalLong size(String header) {
    try {
      OptionalLong value = headers.firstValueAsLong(header);
      return value.isPresent() && value.getAsLong() < 0 ? OptionalLong.empty() : value;
    } catch (NumberFormatException e) {
      return OptionalLong.empty();
    }
  }

  /** The status, with the sentence of a problem document where the body is one. */
  String reason() {
    String detail = "";
    try (JsonParser p = JsonFields.FACTORY.createParser(body)) {
      if (p.nextToken() == JsonToken.START_OBJECT) {
        while (p.nextToken() == JsonToken.FIELD_NAME) {
          String name = p.currentName();
          p.nextToken();
          if (name.equals("detail") && p.currentToken() == JsonToken.VALUE_STRING) {
            detail = p.getText();
          }
          p.skipChildren();
        }
      }
    } catch (IOException e) {
      detail = ""; // it is no problem document: the status says enough
    }
    String line = JsonFields.clip(detail.replaceAll("\\p{Cntrl}+", " ")).strip();
    return line.isEmpty() ? "status " + status : "status " + status + ": " + line;
  }
}
