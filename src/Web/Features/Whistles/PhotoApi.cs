using DispatchCenter.Contracts;
using DispatchCenter.Hub.Features.Whistles;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Web.Kernel;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using MinDataRate = Microsoft.AspNetCore.Server.Kestrel.Core.MinDataRate;

namespace DispatchCenter.Web.Features.Whistles;

/// <summary>Photos: uploaded before the whistle or note that names them, viewed by anyone who may see the case.</summary>
internal static class PhotoApi
{
    /// <summary>Bytes of a request: one photo with its small version, plus the form around them.</summary>
    public const int Limit = PhotoStore.SizeLimit + PhotoStore.SmallLimit + (64 * 1024);

    /// <summary>Bytes still read from a request that is too large, so its sender receives the answer.</summary>
    private const int DrainLimit = 64 * 1024 * 1024;

    public static void MapPhotos(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/photos", KeepAsync).Needs(WhistleRights.Whistle).RequireRateLimiting(Limits.Photos)
            .WithMetadata(new RequestSizeLimitAttribute(DrainLimit)).Accepts<byte[]>(PhotoFile.Jpeg, PhotoFile.Png, PhotoFile.WebP, "multipart/form-data")
            .Produces<PhotoReceipt>(StatusCodes.Status201Created);
        routes.MapGet("/api/calls/{no}/photos/{id}", async (string no, string id, string? size, HttpContext http, CallQueries reader) =>
        {
            var outcome = await reader.PhotoAsync(http.Staff()!, no, id, size == "small", http.RequestAborted);
            return outcome.Value is { } photo ? Picture(photo, http) : outcome.Problem();
        })
            .Needs(WhistleRights.CallDetail).Produces<byte[]>(StatusCodes.Status200OK, PhotoFile.Jpeg, PhotoFile.Png, PhotoFile.WebP);
        var track = routes.MapGroup("/api/track/{code}/photos").Needs(WhistleRights.Whistle).RequireRateLimiting(Limits.Tracking);
        track.MapGet("", async (string code, CallerCommands desk, CancellationToken ct) =>
            await desk.PhotosAsync(code, ct) is { } photos ? Problems.Value(photos) : Outcome.Of(Codes.TrackingUnknown).Problem()).Produces<List<CallPhoto>>();
        routes.MapPost("/api/track/{code}/photos", (string code, HttpContext http, CallerCommands desk, UploadRoom room, CancellationToken ct) =>
            TakeAsync(http, room, (file, small) => desk.AddPhotoAsync(code, file, small, Limits.Address(http), http.IdempotencyKey(), ct), ct))
            .Needs(WhistleRights.Whistle).RequireRateLimiting(Limits.Photos).WithMetadata(new RequestSizeLimitAttribute(DrainLimit))
            .Accepts<byte[]>(PhotoFile.Jpeg, PhotoFile.Png, PhotoFile.WebP, "multipart/form-data").Produces<PhotoReceipt>(StatusCodes.Status201Created);
        track.MapGet("/{id}", async (string code, string id, string? size, HttpContext http, CallerCommands desk, CancellationToken ct) =>
            await desk.PhotoAsync(code, id, size == "small", ct) is { } photo ? Picture(photo, http) : Outcome.Of(Codes.NotFound).Problem()).Produces<byte[]>(StatusCodes.Status200OK, PhotoFile.Jpeg, PhotoFile.Png, PhotoFile.WebP);
    }

    /// <summary>The photo as the body itself, or as a file in a form, with its small version under the name "small".</summary>
    private static Task<IResult> KeepAsync(HttpContext http, PhotoStore photos, UploadRoom room, CancellationToken ct) => TakeAsync(http, room, (file, small) => photos.KeepAsync(file, small, Limits.Address(http), ct), ct);

    /// <summary>Reads a photo, within the limit, and hands it to the code that stores it.</summary>
    private static async Task<IResult> TakeAsync(HttpContext http, UploadRoom room, Func<byte[], byte[], Task<Outcome<PhotoReceipt>>> keep, CancellationToken ct)
    {
        if (http.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate) rate.MinDataRate = new MinDataRate(UploadRoom.LeastBytesPerSecond, UploadRoom.RateGrace);
        if (http.Request.ContentLength > Limit)
        {
            await Bodies.DrainAsync(http, DrainLimit);
            return PhotoStore.TooLarge().Problem();
        }

        using var place = room.Enter(Limits.Address(http));
        if (place is null) return (Outcome.Of(Codes.Busy) with { RetryAfter = DispatchDesk.RetryAfter }).Problem();
        http.Request.Body = new CountedBody(http.Request.Body, place);
        try
        {
            var (file, small) = http.Request.HasFormContentType ? await FromFormAsync(http, ct) : (await ReadAsync(http.Request.Body, PhotoStore.SizeLimit, ct), []);
            return file.Length == 0 ? Outcome.Of(Codes.PhotoInvalid).Problem() : (await keep(file, small)).Reply(StatusCodes.Status201Created);
        }
        catch (OperationCanceledException) when (place.Over.IsCancellationRequested)
        {
            return Outcome.Of(Codes.PhotoTooSlow).Problem();
        }
        catch (Exception e) when (e is InvalidDataException or IOException) // a truncated form; a refused body is one of them
        {
            return (e is BadHttpRequestException refused ? refused.StatusCode switch
            {
                StatusCodes.Status413PayloadTooLarge => PhotoStore.TooLarge(),
                StatusCodes.Status408RequestTimeout => Outcome.Of(Codes.PhotoTooSlow),
                _ => Outcome.Of(Codes.PhotoInvalid),
            } : Outcome.Of(Codes.PhotoInvalid)).Problem();
        }
    }

    private static async Task<(byte[] File, byte[] Small)> FromFormAsync(HttpContext http, CancellationToken ct)
    {
        var files = (await http.Request.ReadFormAsync(ct)).Files;
        var photo = files.FirstOrDefault(f => f.Name != "small");
        return (await BytesAsync(photo, PhotoStore.SizeLimit, ct), await BytesAsync(files["small"], PhotoStore.SmallLimit, ct));
    }

    /// <summary>The bytes of a file in a form; one more than the limit if it is larger.</summary>
    public static async Task<byte[]> BytesAsync(IFormFile? file, int limit, CancellationToken ct)
    {
        if (file is null) return [];
        await using var stream = file.OpenReadStream();
        return await ReadAsync(stream, limit, ct);
    }

    /// <summary>Reads at most one byte more than the limit, so whoever stores it sees that it is too large.</summary>
    private static async Task<byte[]> ReadAsync(Stream stream, int limit, CancellationToken ct)
    {
        using var all = new MemoryStream();
        var part = new byte[64 * 1024];
        while (all.Length <= limit && await stream.ReadAsync(part, ct) is > 0 and var read) all.Write(part, 0, (int)Math.Min(read, limit + 1 - all.Length));
        return all.ToArray();
    }

    /// <summary>A person may be in it: no other site shows it, and it is treated as nothing but a picture.</summary>
    private static IResult Picture(KeptPhoto photo, HttpContext http)
    {
        var headers = http.Response.Headers;
        headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers.ContentDisposition = "inline";
        return Results.Bytes(photo.Bytes, photo.Type);
    }
}
