using DispatchCenter.Hub.Features.Whistles;
using DispatchCenter.Web.Kernel;
using DispatchCenter.Web.Kernel.Words;

namespace DispatchCenter.Web.Features.Whistles;

/// <summary>What a form shows about its photos.</summary>
/// <param name="Ids">Those already stored.</param>
public sealed record PhotoShelf(IReadOnlyList<string> Ids, string? Wrong);

/// <summary>Photos in a form: ids of photos a script has already sent, and files if there was no script.</summary>
public static class PhotoForm
{
    /// <summary>Bytes of a form: as many files as may be named, plus the fields around them.</summary>
    public const int Limit = (PhotoStore.AtOnce * PhotoStore.SizeLimit) + (2 * 1024 * 1024);

    /// <summary>Stores the files and adds their ids. Each id contains the form's own key, so sending the same form twice names the same photos.</summary>
    /// <returns>What was left out and why, in words; null if everything was accepted.</returns>
    public static async Task<string?> KeepAsync(PhotoStore photos, List<string> ids, IReadOnlyList<IFormFile> files, HttpContext http, string key, Wording words, CancellationToken ct)
    {
        string? wrong = null;
        ids.RemoveAll(string.IsNullOrWhiteSpace);
        foreach (var file in files.Where(file => file.Length > 0))
        {
            if (ids.Count >= PhotoStore.AtOnce)
                return words["photo.most", PhotoStore.AtOnce];
            var bytes = await PhotoApi.BytesAsync(file, PhotoStore.SizeLimit, ct);
            var kept = await photos.KeepAsync(bytes, default, Limits.Address(http), ct, PhotoStore.IdOf(key, bytes));
            if (kept.Value is not { } photo)
                wrong = words["photo.notTaken", Path.GetFileName(file.FileName), words.Pick(kept.Message, kept.MessageEn)];
            else if (!ids.Contains(photo.Id))
                ids.Add(photo.Id);
        }

        return wrong;
    }
}
