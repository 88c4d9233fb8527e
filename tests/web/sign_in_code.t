# One-time codes: setting up, codes and codes on paper, remembered devices, and delays.
account lan cap_uy bt
account minh chi_bo bt.cl.cb01

# A role that decides sets up an authenticator first; nothing is open before.
POST /dang_nhap tai_khoan=lan&mat_khau=b%E1%BB%91n+con+thuy%E1%BB%81n+gi%E1%BA%A5y&tiep=/lich
? 200
+ Thiết lập mã xác thực
- Set-Cookie
$hold = name="luot" value="([^"]+)"
$secret = name="khoa" value="([^"]+)"
GET /lich
? 303
POST /dang_nhap/ma luot=$hold&so=123456
? 422
- Set-Cookie
POST /dang_nhap/thiet_lap luot=$hold&khoa=$secret&so=12345x&tiep=/lich
? 422
+ Mã chưa khớp
- Set-Cookie
POST /dang_nhap/thiet_lap luot=$hold&khoa=%3Cb%3E&so=123456&tiep=/lich
? 422
- Set-Cookie
code now $secret
POST /dang_nhap/thiet_lap luot=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA&khoa=$secret&so=$now
? 422
+ hãy đăng nhập lại
- Set-Cookie
code now $secret
POST /dang_nhap/thiet_lap luot=$hold&khoa=$secret&so=$now&tiep=/lich
? 200
+ Mã dự phòng
+ href="/lich"
+ __Host-chithi=
$paper = <code>([0-9a-z-]{19})</code>
GET /lich
? 200
GET /tai_khoan
? 200
+ còn 10 mã dự phòng
$ma = name="ma" value="([^"]+)"
POST /dang_xuat ma=$ma
? 303

# The code that has set it up is taken; one on paper is taken once.
POST /dang_nhap tai_khoan=lan&mat_khau=b%E1%BB%91n+con+thuy%E1%BB%81n+gi%E1%BA%A5y&tiep=/lich
? 200
+ Mã 6 chữ số
- Set-Cookie
- khoa
$hold = name="luot" value="([^"]+)"
POST /dang_nhap/ma luot=$hold&so=$now&tiep=/lich
? 422
+ đã dùng rồi
- Set-Cookie
POST /dang_nhap/ma luot=$hold&so=$paper&tiep=/lich&nho=1
? 303
+ Location: /lich
+ __Host-thiet_bi=
+ Max-Age=7776000
GET /tai_khoan
? 200
+ còn 9 mã dự phòng
+ Thiết bị đã nhớ
$ma = name="ma" value="([^"]+)"
POST /dang_nhap/ma luot=$hold&so=$paper&tiep=/lich
? 422
POST /dang_xuat ma=$ma
? 303

# On the remembered device no code is asked for; elsewhere it is, and the same paper is worth nothing.
POST /dang_nhap tai_khoan=lan&mat_khau=b%E1%BB%91n+con+thuy%E1%BB%81n+gi%E1%BA%A5y
? 303
+ __Host-chithi=
GET /tai_khoan
? 200
$ma = name="ma" value="([^"]+)"
POST /dang_nhap tai_khoan=lan&mat_khau=b%E1%BB%91n+con+thuy%E1%BB%81n+gi%E1%BA%A5y
Cookie:
? 200
$hold = name="luot" value="([^"]+)"
POST /dang_nhap/ma luot=$hold&so=$paper
? 422
- Set-Cookie

# New codes on paper ask for the password, and so does giving the authenticator up.
POST /tai_khoan/ma_du_phong ma=$ma&mat_khau=sai
? 422
+ Mật khẩu đang dùng chưa đúng
POST /tai_khoan/ma_du_phong ma=$ma&mat_khau=b%E1%BB%91n+con+thuy%E1%BB%81n+gi%E1%BA%A5y
? 200
+ Mã dự phòng
POST /tai_khoan/bo_ung_dung ma=$ma&mat_khau=sai
? 422
POST /tai_khoan/bo_ung_dung ma=$ma&mat_khau=b%E1%BB%91n+con+thuy%E1%BB%81n+gi%E1%BA%A5y
? 303
GET /tai_khoan?da=tat_ma
? 200
+ Đã bỏ ứng dụng xác thực
+ lần đăng nhập tới sẽ hỏi thiết lập

# Somebody whose role does not ask for it may have one.
as minh
GET /tai_khoan/ung_dung
? 200
+ otpauth://totp/chithi:minh?secret=
+ role="img" aria-label="Mã QR có chứa khóa ghi bằng chữ ở dưới"
+ <path d="M4 4h7v1h-7z
+ nhập khóa bằng tay
$secret = name="khoa" value="([^"]+)"
POST /tai_khoan/ung_dung khoa=$secret&so=000
? 422
code now $secret
POST /tai_khoan/ung_dung khoa=$secret&so=$now
? 200
+ Mã dự phòng
POST /tai_khoan/ung_dung khoa=$secret&so=$now
? 409
run user totp-off minh
GET /tai_khoan
? 200
+ Chưa dùng

# Who guesses waits, longer each time, and is told how long.
as nobody
POST /dang_nhap tai_khoan=ai&mat_khau=sai
? 422
POST /dang_nhap tai_khoan=ai&mat_khau=sai
? 422
POST /dang_nhap tai_khoan=ai&mat_khau=sai
? 422
POST /dang_nhap tai_khoan=ai&mat_khau=sai
? 429
+ Retry-After: 1
+ hãy thử lại sau 1 giây
POST /dang_nhap tai_khoan=minh&mat_khau=b%E1%BB%91n+con+thuy%E1%BB%81n+gi%E1%BA%A5y
? 303
