package forge.ai.runtime.support.http;

import forge.ai.api.ErrorCode;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Which of the runtime's errors a vendor's error is, by its status, its codes and, where there is no other way, its words. */
final class ErrorClassifier {

    private static final Set<String> CONTEXT_CODES = Set.of(
            "context_length_exceeded",
            "exceed_context_size_error",
            "string_above_max_length",
            "request_too_large",
            "model_context_window_exceeded");
    private static final List<String> CONTEXT_WORDS = List.of(
            "maximum context length",
            "max context length",
            "context length",
            "context_length",
            "context window",
            "context size",
            "prompt is too long",
            "prompt too long",
            "exceed context limit",
            "input is too long",
            "too many tokens",
            "reduce the length of");
    private static final Set<String> FILTER_CODES = Set.of(
            "content_filter",
            "content_policy_violation",
            "responsibleaipolicyviolation",
            "moderation_blocked",
            "data_inspection_failed");
    private static final List<String> FILTER_WORDS =
            List.of("content management policy", "content policy", "content_filter", "flagged by moderation");
    private static final Set<String> QUOTA_CODES = Set.of(
            "insufficient_quota",
            "billing_hard_limit_reached",
            "billing_not_active",
            "billing_error",
            "quota_exceeded",
            "insufficient_balance",
            "exceeded_current_quota_error");

    // Anthropic's word for an account without money, under the code of a wrong request.
    private static final List<String> QUOTA_WORDS = List.of("credit balance is too low");

    // Ollama gives no codes at all, and under a status of success, once a stream has begun, not even that.
    private static final List<String> UNSUPPORTED_WORDS = List.of(
            "does not support tools",
            "does not support thinking",
            "does not support chat",
            "does not support generate",
            "does not support insert",
            "does not support completions",
            "does not support embeddings");
    private static final List<String> NOT_FOUND_WORDS =
            List.of("file does not exist", "not found, try pulling it first");
    private static final List<String> MEMORY_WORDS = List.of("requires more system memory");

    private ErrorClassifier() {}

    /** For an answer with an error status. */
    static ErrorCode byStatus(int status, VendorError error) {
        return switch (status) {
            case 400, 413, 422 -> input(error);
            case 401 -> ErrorCode.AUTHENTICATION;
            case 402 -> ErrorCode.QUOTA;
            case 403 -> filtered(error) ? ErrorCode.CONTENT_FILTERED : ErrorCode.PERMISSION;
            case 404, 410 -> ErrorCode.NOT_FOUND;
            case 405, 501 -> ErrorCode.UNSUPPORTED;
            case 408, 504 -> ErrorCode.TIMEOUT;
            case 409, 425 -> ErrorCode.UNAVAILABLE;
            case 429 -> coded(error, QUOTA_CODES) ? ErrorCode.QUOTA : ErrorCode.RATE_LIMITED;
            default -> other(status, error);
        };
    }

    private static ErrorCode other(int status, VendorError error) {
        if (status >= 500) {
            if (says(error, MEMORY_WORDS)) {
                return ErrorCode.RESOURCE_EXHAUSTED;
            }
            return coded(error, CONTEXT_CODES) ? ErrorCode.CONTEXT_LENGTH : ErrorCode.UNAVAILABLE;
        }
        return status >= 400 ? input(error) : ErrorCode.PROTOCOL;
    }

    /** For an error that came without a status of its own, within an answer that began well. */
    static ErrorCode byCode(VendorError error) {
        int status = statusOf(error);
        if (status >= 400) {
            return byStatus(status, error);
        }
        if (coded(error, QUOTA_CODES)) {
            return ErrorCode.QUOTA;
        }
        ErrorCode input = input(error);
        if (input != ErrorCode.INVALID_REQUEST) {
            return input;
        }
        if (says(error, NOT_FOUND_WORDS)) {
            return ErrorCode.NOT_FOUND;
        }
        if (says(error, MEMORY_WORDS)) {
            return ErrorCode.RESOURCE_EXHAUSTED;
        }
        return switch (error.vendorCode().toLowerCase(Locale.ROOT)) {
            case "invalid_api_key", "authentication_error" -> ErrorCode.AUTHENTICATION;
            case "permission_error", "permission_denied" -> ErrorCode.PERMISSION;
            case "model_not_found", "not_found_error", "notfounderror" -> ErrorCode.NOT_FOUND;
            case "rate_limit_exceeded", "rate_limit_error", "rate_limit_reached" -> ErrorCode.RATE_LIMITED;
            case "timeout", "timeout_error", "request_timeout" -> ErrorCode.TIMEOUT;
            case "invalid_request_error", "badrequesterror", "bad_request" -> ErrorCode.INVALID_REQUEST;
            default -> ErrorCode.UNAVAILABLE;
        };
    }

    private static ErrorCode input(VendorError error) {
        if (filtered(error)) {
            return ErrorCode.CONTENT_FILTERED;
        }
        if (says(error, QUOTA_WORDS)) {
            return ErrorCode.QUOTA;
        }
        if (says(error, UNSUPPORTED_WORDS)) {
            return ErrorCode.UNSUPPORTED;
        }
        return coded(error, CONTEXT_CODES) || says(error, CONTEXT_WORDS)
                ? ErrorCode.CONTEXT_LENGTH
                : ErrorCode.INVALID_REQUEST;
    }

    private static boolean filtered(VendorError error) {
        return coded(error, FILTER_CODES) || says(error, FILTER_WORDS);
    }

    private static int statusOf(VendorError error) {
        String code = error.code();
        return code.length() == 3 && code.chars().allMatch(Character::isDigit) ? Integer.parseInt(code) : 0;
    }

    private static boolean coded(VendorError error, Set<String> codes) {
        return codes.contains(error.code().toLowerCase(Locale.ROOT))
                || codes.contains(error.type().toLowerCase(Locale.ROOT));
    }

    private static boolean says(VendorError error, List<String> words) {
        String message = error.message().toLowerCase(Locale.ROOT);
        return words.stream().anyMatch(message::contains);
    }
}
