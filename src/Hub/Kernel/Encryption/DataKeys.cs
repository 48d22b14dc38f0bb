using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using DispatchCenter.Hub.Kernel.Storage;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;

namespace DispatchCenter.Hub.Kernel.Encryption;

/// <summary>
/// Encrypts what the database holds of persons: names, telephone numbers, places, words, codes, photos. The keys are in the database, wrapped by the
/// data-protection keys, so that neither a copy of the data nor the keys' folder alone can be read. The newest key encrypts, all of them decrypt. ADR 0027.
/// </summary>
public sealed class DataKeys
{
    /// <summary>Its row in the table of books.</summary>
    public const string Book = "dataKeys";

    /// <summary>A key that has encrypted for this long is renewed by itself.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromDays(365);

    /// <summary>The number of the key for keyed hashes and nonces, which never changes.</summary>
    private const long HashId = 0;

    private static readonly ConcurrentDictionary<string, byte[]> Columns = new();

    private readonly Database _database;
    private readonly IDataProtector _protector;
    private volatile Ring? _ring;

    internal DataKeys(Database database, IDataProtectionProvider protection) => (_database, _protector) = (database, protection.CreateProtector("DispatchCenter.DataKeys"));

    private sealed record Ring(FrozenDictionary<long, DataKey> Keys, DataKey Newest, DateTimeOffset Since, byte[] ForHashes);

    /// <summary>The number of the key that encrypts.</summary>
    public long Newest => Known.Newest.Id;

    /// <summary>Since when it does.</summary>
    public DateTimeOffset Since => Known.Since;

    private Ring Known => _ring ?? throw new InvalidOperationException("The data keys are not loaded yet.");

    public Encrypted Encrypt(string column, string text) => Encrypt(Known.Newest, column, text, []);

    [return: NotNullIfNotNull(nameof(text))]
    public Encrypted? EncryptAny(string column, string? text) => text is null ? null : Encrypt(column, text);

    /// <summary>Encrypts a code: always to the same text, so that it can be found by it. Codes are random, so that equal texts tell nothing.</summary>
    public Encrypted EncryptCode(string column, string code) => EncryptCode(Known, Known.Newest, column, code);

    /// <summary>What a code may be stored as, under each key; a value only moves on in this order.</summary>
    public IEnumerable<Encrypted> FormsOf(string column, string code)
    {
        var ring = Known;
        return ring.Keys.Values.OrderBy(k => k.Id).Select(key => EncryptCode(ring, key, column, code));
    }

    /// <summary>Finds a row by a code, whichever key has encrypted it; another node may have changed the key meanwhile.</summary>
    public async Task<T?> FindAsync<T>(string column, string code, Func<Encrypted, Task<T?>> find, CancellationToken ct) where T : class
    {
        foreach (var stored in FormsOf(column, code))
            if (await find(stored) is { } found) return found;
        var before = Newest;
        if (!_database.IsShared) return null;
        await using (var db = _database.Context())
            if (await db.Set<DataKeyRow>().MaxAsync(k => k.Id, ct) == before) return null;
        await LoadAsync(ct);
        return await find(EncryptCode(column, code));
    }

    public EncryptedBytes Encrypt(string column, ReadOnlySpan<byte> bytes)
    {
        var key = Known.Newest;
        var made = new byte[key.Prefix.Length + DataKey.Length(bytes.Length)];
        Encoding.ASCII.GetBytes(key.Prefix, made);
        key.Encrypt(bytes, Of(column), [], made.AsSpan(key.Prefix.Length));
        return new EncryptedBytes(column, made);
    }

    /// <exception cref="CryptographicException">It was changed, or belongs to another column.</exception>
    public string Decrypt(Encrypted value) => TryDecrypt(value) ?? throw Unreadable(value.Column);

    [return: NotNullIfNotNull(nameof(value))]
    public string? Decrypt(Encrypted? value) => value is { } some ? Decrypt(some) : null;

    /// <exception cref="CryptographicException">They were changed, or belong to another column.</exception>
    public byte[] Decrypt(EncryptedBytes value) => TryDecrypt(value) ?? throw Unreadable(value.Column);

    /// <summary>A keyed hash of a telephone number, by which cases are found: the same for a number however it is written, with or without the country's prefix.</summary>
    /// <returns>256 bits in base64url.</returns>
    public string PhoneHash(string phone) => Base64Url.EncodeToString(HMACSHA256.HashData(Known.ForHashes, Encoding.UTF8.GetBytes($"phone\n{Digits(phone)}")));

    /// <summary>A code for a link that only these keys can compute: the same for the same text.</summary>
    /// <returns>128 bits in base64url.</returns>
    public string CodeOf(string of) => Base64Url.EncodeToString(HMACSHA256.HashData(Known.ForHashes, Encoding.UTF8.GetBytes($"code\n{of}")).AsSpan(..16));

    private static string Digits(string phone)
    {
        var digits = string.Concat(phone.Where(char.IsAsciiDigit));
        var isAbroad = phone.AsSpan().TrimStart().StartsWith("+");
        if (digits.StartsWith("00", StringComparison.Ordinal)) (digits, isAbroad) = (digits[2..], true);
        var isMobile = digits.Length == 13 && digits.StartsWith("861", StringComparison.Ordinal);
        return isMobile || (isAbroad && digits.StartsWith("86", StringComparison.Ordinal)) ? digits[2..] : digits;
    }

    /// <summary>Null if it is in clear, was changed, or belongs to another column.</summary>
    internal string? TryDecrypt(Encrypted value)
    {
        if (DataKey.Read(value.Stored) is not var (id, begin) || !Base64Url.IsValid(value.Stored.AsSpan(begin)) || Find(id) is not { } key) return null;
        return key.TryDecrypt(Base64Url.DecodeFromChars(value.Stored.AsSpan(begin)), Of(value.Column)) is { } plain ? Encoding.UTF8.GetString(plain) : null;
    }

    internal byte[]? TryDecrypt(EncryptedBytes value) =>
        DataKey.Read(value.Stored) is var (id, begin) && Find(id) is { } key ? key.TryDecrypt(value.Stored.AsSpan(begin), Of(value.Column)) : null;

    /// <summary>Whether the newest key has encrypted it.</summary>
    internal bool IsCurrent(Encrypted value) => value.Stored.StartsWith(Known.Newest.Prefix, StringComparison.Ordinal);

    internal bool IsCurrent(EncryptedBytes value) => DataKey.Read(value.Stored) is var (id, _) && id == Newest;

    /// <summary>Adds a key that encrypts from now on, here at once and on other nodes within a second; what is stored follows by and by.</summary>
    public async Task RotateAsync(DateTimeOffset at, CancellationToken ct)
    {
        await _database.WriteAsync(async db =>
        {
            var last = await db.Set<DataKeyRow>().MaxAsync(k => (long?)k.Id, ct);
            if (last is null) Add(db, HashId, at);
            Add(db, (last ?? HashId) + 1, at);
            await db.SaveChangesAsync(ct);
            await db.ChangedAsync(Book, ct);
            return 1;
        }, ct);
        await LoadAsync(ct);
    }

    /// <summary>Wraps every key again, with the data-protection key that is in use now: those before it no longer open them.</summary>
    public Task<int> WrapAgainAsync(CancellationToken ct) => _database.WriteAsync(async db =>
    {
        foreach (var row in await db.Set<DataKeyRow>().ToListAsync(ct)) row.Wrapped = Wrap(Unwrap(row));
        return await db.SaveChangesAsync(ct);
    }, ct);

    /// <summary>Loads the keys; false if there are none yet.</summary>
    /// <exception cref="InvalidOperationException">One of them was wrapped by other data-protection keys.</exception>
    public async Task<bool> LoadAsync(CancellationToken ct)
    {
        await using var db = _database.Context();
        return Take(await db.Set<DataKeyRow>().AsNoTracking().ToListAsync(ct));
    }

    private bool Take(List<DataKeyRow> rows)
    {
        if (rows.Count == 0) return false;
        var (known, forHashes) = (_ring?.Keys, _ring?.ForHashes);
        var keys = new Dictionary<long, DataKey>();
        try
        {
            foreach (var row in rows)
            {
                if (row.Id == HashId) forHashes ??= Unwrap(row);
                else keys.Add(row.Id, known?.GetValueOrDefault(row.Id) ?? new DataKey(row.Id, Unwrap(row)));
            }
        }
        catch (Exception e) when (e is CryptographicException or FormatException)
        {
            throw new InvalidOperationException("A data key cannot be unwrapped.", e);
        }

        if (keys.Count == 0 || forHashes is null) throw new InvalidOperationException("A data key is missing.");
        if (known?.Count > keys.Count) return true; // somebody has loaded more of them meanwhile
        _ring = new Ring(keys.ToFrozenDictionary(), keys.Values.MaxBy(k => k.Id)!, rows.MaxBy(r => r.Id)!.At, forHashes);
        return true;
    }

    private DataKey? Find(long id)
    {
        if (Known.Keys.TryGetValue(id, out var key)) return key;
        // Another node has just added it.
        using (var db = _database.Context()) Take([.. db.Set<DataKeyRow>().AsNoTracking()]);
        return Known.Keys.GetValueOrDefault(id);
    }

    private void Add(DispatchDb db, long id, DateTimeOffset at) =>
        db.Add(new DataKeyRow { Id = id, Wrapped = Wrap(RandomNumberGenerator.GetBytes(DataKey.Bytes)), At = at });

    private string Wrap(byte[] key) => Base64Url.EncodeToString(_protector.Protect(key));

    private byte[] Unwrap(DataKeyRow row) => _protector.Unprotect(Base64Url.DecodeFromChars(row.Wrapped)) is { Length: DataKey.Bytes } key ? key : throw new CryptographicException("Its length is wrong.");

    private static Encrypted EncryptCode(Ring ring, DataKey key, string column, string code)
    {
        Span<byte> nonce = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(ring.ForHashes, Encoding.UTF8.GetBytes($"{column}\n{key.Prefix}\n{code}"), nonce);
        return Encrypt(key, column, code, nonce);
    }

    private static Encrypted Encrypt(DataKey key, string column, string text, ReadOnlySpan<byte> nonce)
    {
        var plain = Encoding.UTF8.GetBytes(text);
        var made = new byte[DataKey.Length(plain.Length)];
        key.Encrypt(plain, Of(column), nonce, made);
        return new Encrypted(column, string.Concat(key.Prefix, Base64Url.EncodeToString(made)));
    }

    private static byte[] Of(string column) => Columns.GetOrAdd(column, Encoding.UTF8.GetBytes);

    private static CryptographicException Unreadable(string column) => new($"A value of {column} cannot be decrypted: it was changed, or copied from elsewhere.");
}
