using DispatchCenter.Hub.Kernel.Audit;
using DispatchCenter.Hub.Kernel.Encryption;
using DispatchCenter.Hub.Kernel.Rights;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using Microsoft.Extensions.DependencyInjection;

namespace DispatchCenter.Hub.Kernel.Storage;

/// <summary>
/// The EF Core model: accounts, acts, books and documents here, everything else from the modules. The database stores times as UTC Unix milliseconds. What it saves of
/// protected rows goes into the audit chain.
/// </summary>
public sealed class DispatchDb(DbContextOptions<DispatchDb> options) : IdentityUserContext<Account>(options)
{
    private readonly Database _database = options.GetExtension<DatabaseOfContexts>().Database;

    /// <summary>As <see cref="Module.Unchained"/>, for the tables here: books count what nodes have to reload.</summary>
    internal static readonly IReadOnlyList<string> Unchained = ["books"];

    public DbSet<BookRow> Books => Set<BookRow>();

    public DbSet<DocumentRow> Documents => Set<DocumentRow>();

    public DbSet<ActRow> Acts => Set<ActRow>();

    /// <summary>Whether it belongs to a write of <see cref="Storage.Database"/>, which saves nothing past the chain.</summary>
    internal bool IsWriting { get; set; }

    /// <summary>The link that its transaction will write; null if it may write no protected row.</summary>
    internal ChainedWrite? Chained { get; set; }

    internal AuditChain? Chain => _database.Chain;

    /// <summary>Encrypts and decrypts what its rows hold of persons.</summary>
    public DataKeys DataKeys => _database.DataKeys;

    /// <summary>Saves; protected rows become leaves of this transaction's link, or of a transaction of their own.</summary>
    /// <exception cref="InvalidOperationException">There is a protected row, and the transaction does not hold the street's lock.</exception>
    public override async Task<int> SaveChangesAsync(bool acceptAllChangesOnSuccess, CancellationToken cancellationToken = default)
    {
        if (Chain is not { } chain || Protected(chain) is not { Count: > 0 } rows) return await base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken);
        if (Chained is { } write) return await SaveAsync(write, rows, acceptAllChangesOnSuccess, cancellationToken);
        if (IsWriting || Database.CurrentTransaction is not null) throw new InvalidOperationException($"A row of {rows[0].Table.Table} would be saved past the audit chain: write it in Database.WriteAsync.");
        await using var transaction = await Database.BeginTransactionAsync(cancellationToken);
        write = await ChainedWrite.BeginAsync(chain, Database.GetDbConnection(), transaction.GetDbTransaction(), _database.HeadLock, cancellationToken);
        var saved = await SaveAsync(write, rows, acceptAllChangesOnSuccess, cancellationToken);
        await write.SealAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return saved;
    }

    /// <exception cref="NotSupportedException">There is a protected row.</exception>
    public override int SaveChanges(bool acceptAllChangesOnSuccess) =>
        Chain is { } chain && Protected(chain).Count > 0 ? throw new NotSupportedException("Protected rows are saved asynchronously.") : base.SaveChanges(acceptAllChangesOnSuccess);

    /// <summary>Announces that a statement will change or delete these rows of a protected table; rows that are saved announce themselves.</summary>
    internal Task WillChangeAsync(string table, IReadOnlyCollection<object[]> keys, CancellationToken ct) =>
        Chained is { } write ? write.WillChangeAsync(Chain!.Tables[table], keys, ct) : Task.CompletedTask;

    /// <summary>Deletes rows, with everything else that waits to be saved; returns how many they were.</summary>
    internal async Task<int> DeleteAsync<T>(IQueryable<T> rows, CancellationToken ct) where T : class
    {
        var found = await rows.ToListAsync(ct);
        RemoveRange(found);
        await SaveChangesAsync(ct);
        return found.Count;
    }

    private async Task<int> SaveAsync(ChainedWrite write, IReadOnlyList<(TableShape Table, EntityEntry Row)> rows, bool accept, CancellationToken ct)
    {
        foreach (var known in rows.Where(r => r.Row.State != EntityState.Added).GroupBy(r => r.Table)) await write.WillChangeAsync(known.Key, [.. known.Select(r => KeyOf(r.Row))], ct);
        var added = rows.Where(r => r.Row.State == EntityState.Added).ToList();
        var saved = await base.SaveChangesAsync(accept, ct);
        foreach (var (table, row) in added) write.Added(table, KeyOf(row)); // it has its number only now
        return saved;
    }

    private List<(TableShape Table, EntityEntry Row)> Protected(AuditChain chain)
    {
        var rows = new List<(TableShape, EntityEntry)>();
        foreach (var row in ChangeTracker.Entries())
            if (row.State is EntityState.Added or EntityState.Modified or EntityState.Deleted && chain.Tables.TryGetValue(row.Metadata.GetTableName()!, out var table)) rows.Add((table, row));
        return rows;
    }

    /// <summary>As the database stores it.</summary>
    private static object[] KeyOf(EntityEntry row) =>
        [.. row.Metadata.FindPrimaryKey()!.Properties.Select(p => (p.GetTypeMapping().Converter is { } stored ? stored.ConvertToProvider(row.Property(p).CurrentValue) : row.Property(p).CurrentValue) switch
        {
            int number => (long)number,
            var value => value!,
        })];

    /// <summary>Tells every node, within the transaction of the change, to reload a book.</summary>
    public Task ChangedAsync(string book, CancellationToken ct) => Books.Where(b => b.Name == book).ExecuteUpdateAsync(s => s.SetProperty(b => b.Revision, b => b.Revision + 1), ct);

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<UnixMilliseconds>();
        configurationBuilder.Properties<bool>().HaveConversion<BoolToZeroOneConverter<long>>();
        configurationBuilder.Properties<Role>().HaveConversion<string>();
        configurationBuilder.Properties<Encrypted>().HaveConversion<EncryptedConverter>();
        configurationBuilder.Properties<EncryptedBytes>().HaveConversion<EncryptedBytesConverter>();
    }

    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        builder.Entity<BookRow>().ToTable("books").HasKey(r => r.Name);
        builder.Entity<DocumentRow>().ToTable("documents").HasKey(r => new { r.Kind, r.Version });
        builder.Entity<ActRow>().ToTable("acts").HasKey(r => r.Id);
        builder.Entity<Account>().ToTable("accounts").Ignore(a => a.PhoneNumber).Property(a => a.Phone).HasColumnName("phone_number");
        builder.Entity<IdentityUserClaim<string>>().ToTable("account_claims");
        builder.Entity<IdentityUserLogin<string>>().ToTable("account_logins");
        builder.Entity<IdentityUserToken<string>>().ToTable("account_tokens");
        foreach (var module in _database.Modules) module.MapTables(builder);
        foreach (var entity in builder.Model.GetEntityTypes())
            foreach (var property in entity.GetProperties())
                if (property.FindAnnotation("Relational:ColumnName") is null) property.SetColumnName(Snake(property.Name));
        builder.TieEncrypted();
    }

    private static string Snake(string name) =>
        string.Concat(name.Select((c, i) => char.IsUpper(c) ? (i > 0 ? "_" : string.Empty) + char.ToLowerInvariant(c) : c.ToString()));

    /// <summary>The model depends on the list of modules.</summary>
    internal sealed class KeyOfModules : IModelCacheKeyFactory
    {
        public object Create(DbContext context, bool designTime) => (((DispatchDb)context)._database.Modules, designTime);
    }
}

/// <summary>Tells a context which database it is of: contexts are pooled, and a pool makes them from their options alone.</summary>
internal sealed class DatabaseOfContexts(Database database) : IDbContextOptionsExtension
{
    public Database Database => database;

    public DbContextOptionsExtensionInfo Info => new Nothing(this);

    public void ApplyServices(IServiceCollection services)
    {
    }

    public void Validate(IDbContextOptions options)
    {
    }

    /// <summary>It changes none of EF's services.</summary>
    private sealed class Nothing(IDbContextOptionsExtension extension) : DbContextOptionsExtensionInfo(extension)
    {
        public override bool IsDatabaseProvider => false;

        public override string LogFragment => string.Empty;

        public override int GetServiceProviderHashCode() => 0;

        public override bool ShouldUseSameServiceProvider(DbContextOptionsExtensionInfo other) => other is Nothing;

        public override void PopulateDebugInfo(IDictionary<string, string> debugInfo)
        {
        }
    }
}

/// <summary>The revision of an in-memory cache: see <see cref="BookWatch"/>.</summary>
public sealed class BookRow
{
    public required string Name { get; set; }

    public long Revision { get; set; }
}

/// <summary>A version of a street document; kind is street, policy (with policyStart and policyTakenBack), holidays, standards, reach, or procedure: and its code.</summary>
public sealed class DocumentRow
{
    public required string Kind { get; set; }

    public int Version { get; set; }

    public required string Json { get; set; }

    public DateTimeOffset At { get; set; }

    public required string ByAccount { get; set; }
}

/// <summary>Something done to an account, a channel, or a document of the street. Append-only; ids and codes, never a name, a number or a secret.</summary>
public sealed class ActRow
{
    public long Id { get; set; }

    public DateTimeOffset At { get; set; }

    /// <summary>The account's id; import or system if nobody was signed in.</summary>
    public required string ByAccount { get; set; }

    public required string What { get; set; }

    /// <summary>What it was done to: account:ID, channel:CODE, a document's kind.</summary>
    public required string Subject { get; set; }

    public required string Detail { get; set; }
}

/// <summary>UTC Unix milliseconds: the only time format in the database.</summary>
internal sealed class UnixMilliseconds() : ValueConverter<DateTimeOffset, long>(
    time => time.ToUnixTimeMilliseconds(), milliseconds => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds));
