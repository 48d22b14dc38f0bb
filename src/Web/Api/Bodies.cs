using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using DispatchCenter.Contracts;
using DispatchCenter.Hub;

namespace DispatchCenter.Web.Api;

/// <summary>Reads request bodies: bounded, JSON only, every mistake a problem.</summary>
internal static class Bodies
{
    /// <summary>Bytes of a body, photos aside.</summary>
    public const int Limit = 256 * 1024;

    public static async Task<Outcome<T>> ReadAsync<T>(HttpContext http, JsonTypeInfo<T> type) where T : class
    {
        if (http.Request.ContentLength > Limit) return Outcome.Of(Codes.BodyTooLarge).As<T>();
        if (!http.Request.HasJsonContentType()) return Outcome.Of(Codes.UnsupportedMediaType).As<T>();
        try
        {
            return await JsonSerializer.DeserializeAsync(http.Request.Body, type, http.RequestAborted) is { } body ? body : Outcome.Of(Codes.BadJson).As<T>();
        }
        catch (JsonException)
        {
            return Outcome.Of(Codes.BadJson).As<T>();
        }
        catch (BadHttpRequestException e)
        {
            return Outcome.Of(e.StatusCode == StatusCodes.Status413PayloadTooLarge ? Codes.BodyTooLarge : Codes.BadJson).As<T>();
        }
    }

    public static string? IdempotencyKey(this HttpContext http) =>
        http.Request.Headers.TryGetValue("Idempotency-Key", out var key) ? key.ToString() : null;
}
