using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using DispatchCenter.Contracts;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Ledger;
using Microsoft.EntityFrameworkCore;

namespace DispatchCenter.Hub.Features.Whistles;

/// <summary>
/// Photos: stored on upload, tied to a case by the whistle or note that names them, deleted if nothing does. Anyone who knows a photo's id may
/// name it once; viewing it depends on the case.
/// </summary>
public sealed class PhotoStore(Database database, DispatchOptions options, TimeProvider time)
{
    /// <summary>The size limit of one photo in bytes.</summary>
    public const int SizeLimit = PhotoFile.SizeLimit;

    /// <summary>The size limit of its small version in bytes.</summary>
    public const int SmallLimit = 256 * 1024;

    /// <summary>Photos one whistle or note may name.</summary>
    public const int AtOnce = 4;

    /// <summary>Photos per case; further notes cannot add any.</summary>
    public const int OfCase = 24;

    /// <summary>Larger ones are no thumbnails: a page shows two dozen, and a phone unpacks each of them.</summary>
    public const long SmallPixels = 1024 * 1024;

    /// <summary>Without a small version, a photo of more pixels has no thumbnail; opened by itself it is shown.</summary>
    public const long ThumbnailPixels = 16_000_000;

    /// <summary>A photo that nothing names is deleted after this time, at the cleaner's next quarter of an hour: within the hour.</summary>
    public static readonly TimeSpan WaitsFor = TimeSpan.FromMinutes(45);

    private const int LongestId = 64;

    private const string Large = "large", Small = "small";

    private readonly WaitingPhotos _waiting = new(options.RateLimits);

    /// <summary>Stores a photo and, if the sender made one, its small version. Acknowledged once it is on disk.</summary>
    /// <param name="from">The address it came from, as limits count it.</param>
    /// <param name="as">An id chosen by the sender, for a form that may arrive twice: the second time, the photo already exists. Otherwise random.</param>
    public async Task<Outcome<PhotoReceipt>> KeepAsync(ReadOnlyMemory<byte> file, ReadOnlyMemory<byte> small, string from, CancellationToken ct, string? @as = null)
    {
        if (file.Length > SizeLimit || small.Length > SmallLimit) return new(TooLarge());
        if (PhotoFile.Clean(file.Span) is not { } photo) return new(Outcome.Of(PhotoFile.WhyNot(file.Span)) with { Code = Codes.PhotoInvalid });
        PhotoFile? thumb = null;
        if (small.Length > 0 && (thumb = PhotoFile.Clean(small.Span)) is null or { Pixels: > SmallPixels }) return new(Outcome.Of(Codes.PhotoInvalid));
        var id = @as ?? Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));
        var kept = await database.WriteAsync(async db =>
        {
            if (@as is not null && await db.Photos.AnyAsync(p => p.Id == id, ct)) return true;
            if (_waiting.MakeRoom(await WaitingAsync(db, ct), from, photo.Bytes.Length + (thumb?.Bytes.Length ?? 0), time.GetUtcNow()) is not { } gone) return false;
            await DeleteAsync(db, gone, ct);
            db.Photos.Add(new PhotoRow { Id = id, At = time.GetUtcNow(), Type = photo.Type, Width = photo.Width, Height = photo.Height });
            db.PhotoFiles.Add(new PhotoFileRow { Photo = id, Size = Large, Type = photo.Type, Bytes = db.DataKeys.Encrypt(PhotoFileRow.BytesColumn, photo.Bytes.AsSpan()) });
            if (thumb is not null) db.PhotoFiles.Add(new PhotoFileRow { Photo = id, Size = Small, Type = thumb.Type, Bytes = db.DataKeys.Encrypt(PhotoFileRow.BytesColumn, thumb.Bytes.AsSpan()) });
            await db.SaveChangesAsync(ct);
            return true;
        }, ct);
        if (kept) _waiting.Came(id, from);
        return kept ? new PhotoReceipt(id) : new Outcome<PhotoReceipt>(Outcome.Of(Codes.Busy) with { RetryAfter = DispatchDesk.RetryAfter });
    }

    /// <summary>The id of a photo in a form that has a secret key.</summary>
    public static string IdOf(string key, ReadOnlySpan<byte> file) =>
        Base64Url.EncodeToString(SHA256.HashData([.. Encoding.UTF8.GetBytes(key), 0, .. SHA256.HashData(file)]).AsSpan(0, 16));

    /// <summary>Null if a request may name these photos: known and not too many. One already tied to a case stays there, because a retry names it again.</summary>
    public async Task<Outcome?> CheckAsync(IReadOnlyList<string>? ids, string? callNo, CancellationToken ct)
    {
        if (ids is not { Count: > 0 }) return null;
        if (ids.Count > AtOnce) return TooMany(AtOnce);
        if (ids.Distinct().Count() != ids.Count) return Outcome.Of(Codes.PhotoUnknown);
        await using var db = database.Context();
        var known = await db.Photos.AsNoTracking().CountAsync(p => ids.Contains(p.Id), ct);
        if (known != ids.Count) return Outcome.Of(Codes.PhotoUnknown);
        return callNo is not null && await db.Photos.CountAsync(p => p.CallNo == callNo && !ids.Contains(p.Id), ct) + ids.Count > OfCase ? TooMany(OfCase) : null;
    }

    /// <summary>Of the photos a whistle names, those it may take: known, not yet tied to a case, without duplicates, and within the limit.</summary>
    public async Task<IReadOnlyList<string>> TakeAsync(IReadOnlyList<string?>? asked, CancellationToken ct)
    {
        if (asked is not { Count: > 0 }) return [];
        string[] ids = [.. Named(asked)];
        await using var db = database.Context();
        var waiting = await db.Photos.AsNoTracking().Where(p => ids.Contains(p.Id) && p.CallNo == null).Select(p => p.Id).ToListAsync(ct);
        return [.. ids.Where(waiting.Contains).Take(AtOnce)];
    }

    /// <summary>Whether a case has every photo its whistle named.</summary>
    public async Task<bool> HasAllAsync(string callNo, IReadOnlyList<string?>? asked, CancellationToken ct)
    {
        if (asked is not { Count: > 0 }) return true;
        string[] ids = [.. Named(asked)];
        if (ids.Length < asked.Distinct().Count()) return false;
        await using var db = database.Context();
        return await db.Photos.AsNoTracking().CountAsync(p => p.CallNo == callNo && ids.Contains(p.Id), ct) == ids.Length;
    }

    /// <summary>The given ids that could be photo ids; bounded.</summary>
    private static IEnumerable<string> Named(IReadOnlyList<string?> asked) =>
        asked.OfType<string>().Where(id => id.Length is > 0 and <= LongestId && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')).Distinct().Take(4 * AtOnce);

    public static async Task<List<CallPhoto>> OfCallAsync(DispatchDb db, string callNo, CancellationToken ct) => [.. (await RowsAsync(db, callNo, ct)).Select(Shown)];

    /// <summary>The photos of a case in order of arrival.</summary>
    internal static Task<List<PhotoRow>> RowsAsync(DispatchDb db, string callNo, CancellationToken ct) =>
        db.Photos.AsNoTracking().Where(p => p.CallNo == callNo).OrderBy(p => p.Version).ThenBy(p => p.At).ThenBy(p => p.Id).ToListAsync(ct);

    internal static CallPhoto Shown(PhotoRow photo) => new(photo.Id, photo.Kind!, photo.At, photo.Width, photo.Height) { Version = photo.Version };

    /// <summary>The bytes of a photo of this case; null if it has none with that id.</summary>
    public static async Task<KeptPhoto?> ReadAsync(DispatchDb db, string callNo, string id, bool small, CancellationToken ct)
    {
        if (await db.Photos.AsNoTracking().FirstOrDefaultAsync(p => p.Id == id && p.CallNo == callNo, ct) is not { } photo) return null;
        var file = small ? await db.PhotoFiles.AsNoTracking().FirstOrDefaultAsync(f => f.Photo == id && f.Size == Small, ct) : null;
        if (small && file is null && (long)photo.Width * photo.Height > ThumbnailPixels) return null;
        file ??= await db.PhotoFiles.AsNoTracking().FirstOrDefaultAsync(f => f.Photo == id && f.Size == Large, ct);
        return file is null ? null : new KeptPhoto(file.Type, db.DataKeys.Decrypt(file.Bytes));
    }

    /// <summary>Deletes photos that nothing named in time, a batch at a time; returns how many.</summary>
    public Task<int> ForgetAsync(int bite, CancellationToken ct) => database.WriteAsync(async db =>
    {
        var before = time.GetUtcNow() - WaitsFor;
        var ids = await db.Photos.Where(p => p.CallNo == null && p.At < before).OrderBy(p => p.At).Take(bite).Select(p => p.Id).ToListAsync(ct);
        return await DeleteAsync(db, ids, ct);
    }, ct);

    private static async Task<int> DeleteAsync(DispatchDb db, IReadOnlyCollection<string> ids, CancellationToken ct)
    {
        if (ids.Count == 0) return 0;
        await db.DeleteAsync(db.PhotoFiles.Where(f => ids.Contains(f.Photo)), ct);
        return await db.DeleteAsync(db.Photos.Where(p => ids.Contains(p.Id) && p.CallNo == null), ct);
    }

    private static async Task<List<WaitingPhotos.Waiting>> WaitingAsync(DispatchDb db, CancellationToken ct)
    {
        var sizes = await db.Database.SqlQuery<Stored>($"SELECT f.photo AS \"Photo\", CAST(SUM(LENGTH(f.bytes)) AS BIGINT) AS \"Bytes\" FROM photo_files f JOIN photos p ON p.id = f.photo WHERE p.call_no IS NULL GROUP BY f.photo").ToDictionaryAsync(s => s.Photo, s => s.Bytes, ct);
        return [.. (await db.Photos.AsNoTracking().Where(p => p.CallNo == null).Select(p => new { p.Id, p.At }).ToListAsync(ct)).Select(p => new WaitingPhotos.Waiting(p.Id, p.At, sizes.GetValueOrDefault(p.Id)))];
    }

    private sealed record Stored(string Photo, long Bytes);

    public static Outcome TooLarge() => PhotoFile.TooLarge();

    private static Outcome TooMany(int most) => Outcome.Of(Codes.PhotosTooMany, Number(most));

    private static (string Zh, string En) Number(int n)
    {
        var text = n.ToString(CultureInfo.InvariantCulture);
        return (text, text);
    }
}
