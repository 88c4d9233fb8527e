# Signing in and out, sessions, forms of a session, and what somebody without an account gets.

# Until there is an account, whoever is at the machine is the operator.
GET /dv/bt
? 200
GET /dang_nhap
? 303
GET /tai_khoan
? 404

account an chi_bo bt.cl.cb01
account binh van_phong bt

# From then on pages ask people to sign in, and say nothing of what is there.
GET /dv/bt?tu=2019-01-01&den=2019-12-31
? 303
+ Location: /dang_nhap?tiep=%2Fdv%2Fbt%3Ftu%3D2019-01-01%26den%3D2019-12-31
- Bến Tre
GET /
? 303
+ Location: /dang_nhap
GET /dv/bt.json
? 401
- Bến Tre
GET /dv/bt
Accept: application/json
? 401
POST /mo_phong/kiem_tra token=1
? 401
+ Cần đăng nhập
- Bến Tre
GET /khong_co
? 404
- Bến Tre
GET /dang_nhap?tiep=/dv/bt
? 200
- Bến Tre
- /so/
+ name="tiep" value="/dv/bt"

# The same answer, whether there is such an account, a closed one or none.
account cu
run user close cu
POST /dang_nhap tai_khoan=an&mat_khau=sai+hoan+toan
? 422
+ Tên đăng nhập hoặc mật khẩu chưa đúng
- Set-Cookie
POST /dang_nhap tai_khoan=khong.co&mat_khau=sai+hoan+toan
? 422
+ Tên đăng nhập hoặc mật khẩu chưa đúng
- Set-Cookie
POST /dang_nhap tai_khoan=cu&mat_khau=b%E1%BB%91n+con+thuy%E1%BB%81n+gi%E1%BA%A5y
? 422
+ Tên đăng nhập hoặc mật khẩu chưa đúng
- Set-Cookie
POST /dang_nhap
? 422
POST /dang_nhap tai_khoan=an&mat_khau=b%E1%BB%91n+con+thuy%E1%BB%81n+gi%E1%BA%A5y
Origin: http://example.com
? 403
- Set-Cookie

# Only a page of ours is gone to afterwards.
POST /dang_nhap tai_khoan=an&mat_khau=b%E1%BB%91n+con+thuy%E1%BB%81n+gi%E1%BA%A5y&tiep=//example.com/
? 303
+ Location: /
- example.com
POST /dang_nhap tai_khoan=an&mat_khau=b%E1%BB%91n+con+thuy%E1%BB%81n+gi%E1%BA%A5y&tiep=/%5Cexample.com
? 303
- example.com
POST /dang_nhap tai_khoan=an&mat_khau=b%E1%BB%91n+con+thuy%E1%BB%81n+gi%E1%BA%A5y&tiep=https://example.com/
? 303
- example.com
POST /dang_nhap tai_khoan=an&mat_khau=b%E1%BB%91n+con+thuy%E1%BB%81n+gi%E1%BA%A5y&tiep=/dv/bt%0d%0aX-Y:1
? 303
- X-Y
POST /dang_nhap tai_khoan=an&mat_khau=b%E1%BB%91n+con+thuy%E1%BB%81n+gi%E1%BA%A5y&tiep=/dang_xuat
? 303
- dang_xuat
POST /dang_nhap tai_khoan=an&mat_khau=b%E1%BB%91n+con+thuy%E1%BB%81n+gi%E1%BA%A5y&tiep=/moi/abc
? 303
- /moi
POST /dang_nhap tai_khoan=an&mat_khau=b%E1%BB%91n+con+thuy%E1%BB%81n+gi%E1%BA%A5y&tiep=/dang_nhap
? 303
- /dang_nhap
POST /dang_nhap tai_khoan=AN&mat_khau=b%E1%BB%91n+con+thuy%E1%BB%81n+gi%E1%BA%A5y&tiep=/dv/bt%3Ftu%3D2019-01-01
? 303
+ Location: /dv/bt?tu=2019-01-01

# A cookie that was set before, whoever set it, is worth nothing afterwards.
as nobody
POST /dang_nhap tai_khoan=an&mat_khau=b%E1%BB%91n+con+thuy%E1%BB%81n+gi%E1%BA%A5y
Cookie: __Host-chithi=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
? 303
- AAAAAAAAAA
GET /dv/bt
Cookie: __Host-chithi=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
? 303
GET /dv/bt
Cookie: __Host-chithi=' OR 1=1 --
? 303

as an
GET /tai_khoan
? 200
+ Chi bộ – Chi bộ 01
+ thiết bị này
GET /dang_nhap?tiep=/lich
? 303
+ Location: /lich

# A form must be of the session's own page.
POST /tai_khoan/quen_thiet_bi khoa=x
? 303
POST /tai_khoan/quen_thiet_bi khoa=x&ma=
? 403
POST /tai_khoan/quen_thiet_bi khoa=x&ma=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
? 403
POST /tai_khoan/quen_thiet_bi khoa=x
Origin: http://example.com
? 403
POST /tai_khoan/quen_thiet_bi khoa=x
Sec-Fetch-Site: cross-site
? 403
GET /tai_khoan
? 200
$other = name="ma" value="([^"]+)"
as binh
POST /tai_khoan/quen_thiet_bi khoa=x&ma=$other
? 403
POST /tai_khoan/quen_thiet_bi khoa=x
? 303

# The browser's cookie after signing out is worth nothing.
as an
POST /dang_xuat ma=
? 403
GET /lich
? 200
run user sessions an
+ máy khác
POST /dang_nhap tai_khoan=an&mat_khau=b%E1%BB%91n+con+thuy%E1%BB%81n+gi%E1%BA%A5y
? 303
$stolen = __Host-chithi=([^;]+)
GET /tai_khoan
? 200
$ma = name="ma" value="([^"]+)"
POST /dang_xuat ma=$ma
? 303
+ Location: /dang_nhap?da=dang_xuat
+ __Host-chithi=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0
GET /lich
? 303
GET /lich
Cookie: __Host-chithi=$stolen
? 303

# A form without any token, from a browser that is signed in.
as nobody
POST /dang_nhap tai_khoan=an&mat_khau=b%E1%BB%91n+con+thuy%E1%BB%81n+gi%E1%BA%A5y
? 303
POST /tai_khoan/quen_thiet_bi khoa=x
? 403

# Signed out everywhere: other browsers are out too.
as binh
POST /dang_nhap tai_khoan=binh&mat_khau=b%E1%BB%91n+con+thuy%E1%BB%81n+gi%E1%BA%A5y
Cookie:
? 303
$second = __Host-chithi=([^;]+)
GET /tai_khoan
? 200
$ma = name="ma" value="([^"]+)"
$first = name="khoa" value="([^"]+)"
POST /tai_khoan/thiet_bi ma=$ma&khoa=$first
? 303
POST /dang_nhap tai_khoan=binh&mat_khau=b%E1%BB%91n+con+thuy%E1%BB%81n+gi%E1%BA%A5y
Cookie:
? 303
$third = __Host-chithi=([^;]+)
GET /lich
Cookie: __Host-chithi=$second
? 200
GET /tai_khoan
? 200
$ma = name="ma" value="([^"]+)"
POST /tai_khoan/moi_noi ma=$ma
? 303
GET /lich
Cookie: __Host-chithi=$second
? 303
GET /lich
Cookie: __Host-chithi=$third
? 303

# An account that is closed is out at once.
account dung
as dung
GET /lich
? 200
run user close dung
GET /lich
? 303

# An invitation opens once.
run user invite an
$link = /moi/([A-Za-z0-9_-]+)
as nobody
GET /moi/$link
? 200
+ Tài khoản <strong>an</strong>
POST /moi/$link moi=matkhau2026&lai=matkhau2026
? 422
+ đoán trước tiên
POST /moi/$link moi=d%C3%B2ng+s%C3%B4ng+th%C3%A1ng+ch%C3%ADn&lai=kh%C3%A1c
? 422
+ chưa giống nhau
POST /moi/$link moi=d%C3%B2ng+s%C3%B4ng+th%C3%A1ng+ch%C3%ADn&lai=d%C3%B2ng+s%C3%B4ng+th%C3%A1ng+ch%C3%ADn
? 303
+ Location: /dang_nhap?da=mat_khau
GET /moi/$link
? 404
POST /moi/$link moi=d%C3%B2ng+s%C3%B4ng+th%C3%A1ng+hai&lai=d%C3%B2ng+s%C3%B4ng+th%C3%A1ng+hai
? 404
GET /dang_nhap?da=mat_khau
? 200
+ Mật khẩu mới đã được đặt
POST /dang_nhap tai_khoan=an&mat_khau=d%C3%B2ng+s%C3%B4ng+th%C3%A1ng+ch%C3%ADn
? 303

# One's own password: the old one is asked for, and other browsers are out.
GET /tai_khoan
? 200
$ma = name="ma" value="([^"]+)"
POST /tai_khoan/mat_khau ma=$ma&cu=sai&moi=m%E1%BA%B7t+tr%E1%BB%9Di+ph%C3%ADa+t%C3%A2y&lai=m%E1%BA%B7t+tr%E1%BB%9Di+ph%C3%ADa+t%C3%A2y
? 422
+ Mật khẩu đang dùng chưa đúng
POST /tai_khoan/mat_khau ma=$ma&cu=d%C3%B2ng+s%C3%B4ng+th%C3%A1ng+ch%C3%ADn&moi=1234567890&lai=1234567890
? 422
+ chỉ có chữ số
POST /tai_khoan/mat_khau ma=$ma&cu=d%C3%B2ng+s%C3%B4ng+th%C3%A1ng+ch%C3%ADn&moi=m%E1%BA%B7t+tr%E1%BB%9Di+ph%C3%ADa+t%C3%A2y&lai=m%E1%BA%B7t+tr%E1%BB%9Di+ph%C3%ADa+t%C3%A2y
? 303
+ Location: /tai_khoan?da=mat_khau
GET /tai_khoan?da=mat_khau
? 200
+ Đã đổi mật khẩu
