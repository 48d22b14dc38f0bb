using DispatchCenter.Hub.Features.Whistles;
using DispatchCenter.Web.Kernel.Words;

namespace DispatchCenter.Web.Features.Whistles;

/// <summary>What a form shows of its photos.</summary>
/// <param name="Ids">Those that are kept already.</param>
public sealed record PhotoShelf(IReadOnlyList<string> Ids, string? Wrong);

/// <summary>Photos in a form: ids of what a script has sent already, and files where there was none.</summary>
public static class PhotoForm
{
    /// <summary>Bytes of a form: as many files as may be named, and the fields around them.</summary>
    public const int Limit = (PhotoStore.AtOnce * PhotoStore.SizeLimit) + (2 * 1024 * 1024);

    /// <summary>Keeps the files and adds their ids. The form's own key is in each id, so that the same form sent twice names the same photos.</summary>
    /// <returns>What of it was left out and why, in words; null where all were taken.</returns>
    public static async Task<string?> KeepAsync(PhotoStore photos, List<string> ids, IReadOnlyList<IFormFile> files, string key, Wording words, CancellationToken ct)
    {
        string? wrong = null;
        ids.RemoveAll(string.IsNullOrWhiteSpace);
        foreach (var file in files.Where(file => file.Length > 0))
        {
            if (ids.Count >= PhotoStore.AtOnce)
                return words["photo.most", PhotoStore.AtOnce];
            var bytes = await PhotoApi.BytesAsync(file, PhotoStore.SizeLimit, ct);
            var kept = await photos.KeepAsync(bytes, default, ct, PhotoStore.IdOf(key, bytes));
            if (kept.Value is not { } photo)
                wrong = words["photo.notTaken", Path.GetFileName(file.FileName), words.Pick(kept.Message, kept.MessageEn)];
            else if (!ids.Contains(photo.Id))
                ids.Add(photo.Id);
        }

        return wrong;
    }
}
